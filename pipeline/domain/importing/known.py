"""The people and things that rows name, looked up once a chunk, and made when the import may make them."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select

from pipeline import folding
from pipeline.domain import contacts, placing, reasons, tags, vocabulary
from pipeline.domain.importing import owners, stage_names
from pipeline.domain.importing.drafts import Draft
from pipeline.domain.importing.fields import Field
from pipeline.domain.importing.settings import ImportSettings, NoContact
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import LeadSource
from pipeline.models.pipeline import Outcome, Pipeline, Reason, Stage
from pipeline.models.product import Product
from pipeline.models.user import User

T = TypeVar("T")
Plain = TypeVar("Plain", LeadSource, Product, Tag)
Key = tuple[object, ...]
TAG_SEPARATORS = ";|,"


class Known:
    """A memory of what was found. What a rejected row had made is forgotten again."""

    def __init__(self, settings: ImportSettings, *, by: User | None, via: Via) -> None:
        self.settings = settings
        self.by = by
        self.via = via
        self._tops: dict[int, str] = {}
        self._found: dict[Key, object] = {}
        self._fresh: list[Key] = []

    def keep(self) -> None:
        """The row went in: what it made stays."""
        self._fresh.clear()

    def forget(self) -> None:
        """The row was taken back, and with it what it made."""
        for key in self._fresh:
            self._found.pop(key, None)
        self._fresh.clear()

    def forget_all(self) -> None:
        """All was taken back: look everything up again."""
        self._found.clear()
        self._fresh.clear()

    def pipeline(self, name: str | None = None) -> Pipeline:
        """The pipeline a row names, else the import's, else the default one."""
        name = name or self.settings.pipeline
        found = self._once(("pipeline", _key(name or "")), lambda: stage_names.pipeline_named(name))
        if found is None:
            if name is None:
                raise RuleBroken(
                    "There is no pipeline yet; an admin adds one, or the import may create what is missing."
                )
            raise RuleBroken(f"There is no pipeline called {name}.")
        return found

    def stage(self, pipeline: Pipeline, name: str) -> Stage:
        found = self._once(("stage", pipeline.id, _key(name)), lambda: stage_names.stage_named(pipeline, name))
        if found is None:
            raise RuleBroken(f"{pipeline.name} has no stage called {name}.")
        return found

    def rank_on_top(self, stage: Stage) -> str:
        """A rank above all of the stage's cards; asked once, then counted on."""
        top = self._tops.get(stage.id)
        self._tops[stage.id] = placing.above(top) if top else placing.on_top(stage)
        return self._tops[stage.id]

    def owner(self, name: str) -> User:
        make = (
            (lambda: owners.make(name, self.settings.owner_domain, by=self.by))
            if self.settings.create_missing
            else None
        )
        found = self._once(("owner", _key(name)), lambda: owners.find(name), make)
        if found is None:
            raise RuleBroken(f"There is no user called {name} to own it.")
        return found

    def source(self, name: str) -> LeadSource:
        return self._named(LeadSource, name, "lead source", vocabulary.source)

    def products(self, cell: str) -> list[Product]:
        return [self._named(Product, name, "product", vocabulary.product) for name in listed(cell, ";|")]

    def tags(self, cell: str) -> list[Tag]:
        return [self._named(Tag, name, "tag", tags.named) for name in listed(cell, TAG_SEPARATORS)]

    def reason(self, pipeline: Pipeline, outcome: Outcome, text: str) -> Reason:
        """A reason on offer for that ending; made when the import may make what is missing."""

        def find() -> Reason | None:
            return next((each for each in pipeline.reasons(outcome) if _key(each.text) == _key(text)), None)

        key = ("reason", pipeline.id, outcome, _key(text))
        make = (lambda: reasons.add(pipeline, outcome, text, by=self.by)) if self.settings.create_missing else None
        found = self._once(key, find, make)
        if found is None:
            raise RuleBroken(
                f"{pipeline.name} has no {reasons.WORDS[outcome]} reason “{text}”; an admin keeps the list."
            )
        return found

    def contact(self, draft: Draft) -> Contact:
        """The person named, at the company named; else the company; else a placeholder of this row's own."""
        if not draft.names_contact:
            return self._placeholder(draft)
        company_name = draft.text(Field.COMPANY)
        company = self._company(company_name, draft) if company_name else None
        if company and not draft.text(Field.CONTACT):
            return company
        return self._person(draft, company)

    def _placeholder(self, draft: Draft) -> Contact:
        """Each row its own: handing one deal over, or erasing one contact, must never touch the others."""
        if self.settings.no_contact is NoContact.REJECT:
            raise RuleBroken("It names no contact: neither a person, a company nor a mail address.")
        what = draft.text(Field.EXTERNAL_ID) or draft.text(Field.TITLE) or f"line {draft.line}"
        return contacts.create(f"Unknown contact ({what[:90]})", by=self.by, via=self.via)

    def _company(self, name: str, draft: Draft) -> Contact:
        alone = not draft.text(Field.CONTACT)
        email, phone = (draft.text(Field.EMAIL), draft.text(Field.PHONE)) if alone else ("", "")
        found = self._once(
            ("company", _key(name)),
            lambda: self._standing_company(name),
            lambda: contacts.create(name, by=self.by, is_company=True, email=email, phone=phone, via=self.via),
        )
        assert found is not None  # noqa: S101 — it was made
        return found

    def _standing_company(self, name: str) -> Contact | None:
        by_name = self._once(("companies",), _company_ids)
        number = (by_name or {}).get(_key(name))
        return db.session.get(Contact, number) if number else None

    def _person(self, draft: Draft, company: Contact | None) -> Contact:
        email = contacts.normalised_email(draft.text(Field.EMAIL))
        name = draft.text(Field.CONTACT) or email or ""
        key = ("person", email) if email else ("person", name, company.id if company else None)
        found = self._once(
            key,
            lambda: _standing_person(name, email, company),
            lambda: contacts.create(
                name, by=self.by, company=company, email=email, phone=draft.text(Field.PHONE), via=self.via
            ),
        )
        assert found is not None  # noqa: S101 — it was made
        return found

    def _named(self, kind: type[Plain], name: str, what: str, make: Callable[[str], Plain]) -> Plain:
        def find() -> Plain | None:
            return db.session.scalar(select(kind).where(folding.folded(kind.name) == name.lower()))

        found = self._once((what, _key(name)), find, (lambda: make(name)) if self.settings.create_missing else None)
        if found is None:
            raise RuleBroken(f"There is no {what} called {name}.")
        return found

    def _once(self, key: Key, find: Callable[[], T | None], make: Callable[[], T] | None = None) -> T | None:
        if key not in self._found:
            self._found[key] = find()
        if self._found[key] is None and make is not None:
            self._found[key] = make()
            self._fresh.append(key)
        return self._found[key]  # type: ignore[return-value]


def listed(cell: str, separators: str) -> list[str]:
    """The names in a cell that lists several, each once."""
    for separator in separators[1:]:
        cell = cell.replace(separator, separators[0])
    return list(dict.fromkeys(name for part in cell.split(separators[0]) if (name := " ".join(part.split()))))


def _key(name: str) -> str:
    return " ".join(name.split()).lower()


def _company_ids() -> dict[str, int]:
    found = db.session.execute(
        select(Contact.name, Contact.id)
        .where(Contact.is_company, Contact.deleted_at.is_(None))
        .order_by(Contact.id.desc())
    )
    return {_key(name): number for name, number in found}


def _standing_person(name: str, email: str | None, company: Contact | None) -> Contact | None:
    living = select(Contact).where(Contact.deleted_at.is_(None)).order_by(Contact.id)
    if email:
        return db.session.scalar(living.where(Contact.email == email))
    at = Contact.company_id == company.id if company else Contact.company_id.is_(None)
    return db.session.scalar(living.where(Contact.name == name, ~Contact.is_company, at))
