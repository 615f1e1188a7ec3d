"""Everything that can happen to the texts that search reads, by chance: by the domain's verbs, and past them."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline import clock
from pipeline.domain import contacts, opportunities
from pipeline.domain.opportunities import Details
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.base import Numbered
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction

WORDS = ("Élise", "Weiß", "Straße", "Ana", "Lima", "O'Neil", "50%_off", "a\\b", '"hi"', "Øre", "Ελλάς", "Łódź", "X")
PHONES = (None, "+1 (555) 010-9999", "0555 123", "12")
MAILS = (None, "ana.lima@weiss.example", "x@o-neil.example")
Chance = random.Random
Row = TypeVar("Row", bound=Numbered)


def step(name: str, chance: Chance) -> None:
    with suppress(RuleBroken, IntegrityError), transaction():
        STEPS[name](chance)


def words(chance: Chance) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))


def some(kind: type[Row], chance: Chance, *that: object) -> Row:
    found = db.session.scalars(select(kind).where(*that).order_by(kind.id)).all()  # type: ignore[arg-type]
    if not found:
        raise RuleBroken("There is none.")
    return chance.choice(found)


def meet(chance: Chance) -> None:
    contacts.create(words(chance), by=None, email=chance.choice(MAILS), phone=chance.choice(PHONES))


def found_a_company(chance: Chance) -> None:
    contacts.create(words(chance), by=None, is_company=True)


def offer(chance: Chance) -> None:
    person = some(Contact, chance, Contact.deleted_at.is_(None))
    opportunities.create(some(Pipeline, chance), person, by=None, details=Details(title=words(chance)))


def rename(chance: Chance) -> None:
    contacts.change(some(Contact, chance), by=None, name=words(chance))


def retitle(chance: Chance) -> None:
    opportunities.change(some(Opportunity, chance), by=None, title=words(chance))


def be_reached(chance: Chance) -> None:
    contacts.change(some(Contact, chance), by=None, email=chance.choice(MAILS), phone=chance.choice(PHONES))


def change_jobs(chance: Chance) -> None:
    person, firm = some(Contact, chance, ~Contact.is_company), some(Contact, chance, Contact.is_company)
    contacts.change(person, by=None, company=chance.choice((None, firm)))


def give_up(chance: Chance) -> None:
    opportunities.delete(some(Opportunity, chance, Opportunity.deleted_at.is_(None)), by=None)


def take_up(chance: Chance) -> None:
    opportunities.restore(some(Opportunity, chance, Opportunity.deleted_at.is_not(None)), by=None)


def swallow(chance: Chance) -> None:
    """As a merge does: deals and staff go to the other, which takes its number."""
    one, other = some(Contact, chance), some(Contact, chance)
    db.session.execute(update(Opportunity).where(Opportunity.contact_id == other.id).values(contact_id=one.id))
    db.session.execute(update(Contact).where(Contact.company_id == other.id).values(company_id=one.id))
    db.session.execute(update(Contact).where(Contact.id == one.id).values(phone_digits=other.phone_digits))


def write_many(chance: Chance) -> None:
    rows = [{"name": words(chance), "notes": "", "created_at": clock.now()} for _ in range(5)]
    db.session.execute(insert(Contact), rows)
    some_titles = Opportunity.id % 2 == chance.randrange(2)
    db.session.execute(update(Opportunity).where(some_titles).values(title=words(chance)))
    db.session.execute(update(Contact).where(Contact.id % 3 == 0).values(name=Contact.name + " Weiß"))


def erase(chance: Chance) -> None:
    """For good, with all that nobody needs any more."""
    staff = Contact.__table__.alias("staff")
    needed = [*db.session.scalars(select(Opportunity.contact_id)), *db.session.scalars(select(staff.c.company_id))]
    nobody = some(Contact, chance, Contact.id.not_in([id_ for id_ in needed if id_]))
    db.session.execute(delete(Contact).where(Contact.id == nobody.id))


def fail(chance: Chance) -> None:
    """What is taken back was never said."""
    write_many(chance)
    raise RuleBroken("Changed my mind.")


ACTS = (meet, found_a_company, offer, rename, retitle, be_reached, change_jobs, give_up, take_up)
PAST_VERBS = (swallow, write_many, erase, fail)
STEPS: Mapping[str, Callable[[Chance], None]] = {act.__name__: act for act in (*ACTS, *PAST_VERBS)}
