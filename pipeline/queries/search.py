"""What a few typed letters find, in groups, as far as a person may see it.

Names that begin with it come first, then those with a word that does, then those that hold it, then what was found by
something else; among equals open deals before closed ones, and the newest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Table, case, select

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.folding import begins, contains, spaced
from pipeline.kept.search_texts import contact_texts, title_texts
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User
from pipeline.queries import contact_list, opportunity_list
from pipeline.queries.matching import contacts_saying, opportunities_saying

FEWEST_LETTERS = 2


class Group(StrEnum):
    OPPORTUNITIES = "opportunities"
    PEOPLE = "people"
    COMPANIES = "companies"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of each group; `more` names the groups that go on after it."""

    text: str
    opportunities: Sequence[opportunity_list.Line] = ()
    people: Sequence[contact_list.Line] = ()
    companies: Sequence[contact_list.Line] = ()
    more: frozenset[Group] = field(default=frozenset())

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < FEWEST_LETTERS

    @property
    def count(self) -> int:
        return len(self.opportunities) + len(self.people) + len(self.companies)

    @property
    def is_nothing(self) -> bool:
        return not self.count


def found(text: str, *, seen_by: User, most: int, page: int = 1, only: Group | None = None) -> Found:
    """Up to `most` of each group, or of the only one that is asked for. A single letter finds nothing."""
    if len(text) < FEWEST_LETTERS:
        return Found(text)
    ids = {
        group: db.session.scalars(_asked(group, text, seen_by).limit(most + 1).offset(most * (page - 1))).all()
        for group in ([only] if only else Group)
    }
    shown = {group: ids.get(group, ())[:most] for group in Group}
    contacts = [*shown[Group.PEOPLE], *shown[Group.COMPANIES]]
    lines = contact_list.lines_of(contacts, seen_by=seen_by)
    return Found(
        text,
        opportunity_list.lines_of(shown[Group.OPPORTUNITIES], seen_by=seen_by),
        [line for line in lines if not line.is_company],
        [line for line in lines if line.is_company],
        frozenset(group for group, some in ids.items() if len(some) > most),
    )


def _asked(group: Group, text: str, person: User) -> Select[int]:
    if group is Group.OPPORTUNITIES:
        return _opportunities(text, person)
    return _contacts(text, person).where(Contact.is_company.is_(group is Group.COMPANIES))


def _opportunities(text: str, person: User) -> Select[int]:
    seen = (access.visible_opportunities(person), Opportunity.deleted_at.is_(None))
    near = _how_near(title_texts, text)
    return (
        select(Opportunity.id)
        .join(title_texts, title_texts.c.id == Opportunity.id)
        .where(opportunities_saying(text), *seen)
        .order_by(near, Opportunity.status != Status.OPEN, Opportunity.id.desc())
    )


def _contacts(text: str, person: User) -> Select[int]:
    seen = (access.visible_contacts(person), Contact.deleted_at.is_(None))
    return (
        select(Contact.id)
        .join(contact_texts, contact_texts.c.id == Contact.id)
        .where(contacts_saying(text), *seen)
        .order_by(_how_near(contact_texts, text), Contact.name, Contact.id)
    )


def _how_near(texts: Table, text: str) -> ColumnElement[int]:
    said = spaced(text)
    words = texts.c.text
    return case((begins(words, said), 0), (contains(words, said), 1), (contains(words, said.strip()), 2), else_=3)
