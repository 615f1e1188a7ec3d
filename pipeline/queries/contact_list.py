"""The list of contacts: a page of those a person may see, with how many open deals of theirs that person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Label, SQLColumnExpression, func, select
from sqlalchemy.orm import aliased

from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.folding import folded
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User, initials_of
from pipeline.queries import reading
from pipeline.queries.filters import NO_SEARCH
from pipeline.queries.matching import contacts_saying
from pipeline.queries.paging import Paging
from pipeline.queries.sorting import Sort

PAGE = 50
Company = aliased(Contact, name="company")


class Kind(StrEnum):
    """Which contacts are shown. Deleted ones can be restored from here."""

    ALL = "all"
    PEOPLE = "people"
    COMPANIES = "companies"
    DELETED = "deleted"


class By(StrEnum):
    NAME = "name"
    COMPANY = "company"
    OWNER = "owner"
    CREATED = "created"


BY_NAME = Sort(By.NAME)
JOINS: dict[By, tuple[tuple[Any, ColumnElement[bool]], ...]] = {
    By.COMPANY: ((Company, Contact.company_id == Company.id),),
    By.OWNER: ((User, Contact.owner_id == User.id),),
}
COLUMNS: dict[By, SQLColumnExpression[Any]] = {
    By.NAME: folded(Contact.name),
    By.COMPANY: folded(Company.name),
    By.OWNER: folded(User.name),
    By.CREATED: Contact.created_at,
}


@dataclass(frozen=True)
class Wanted:
    """What a URL asks for."""

    text: str = ""
    kind: Kind = Kind.ALL

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Wanted":
        return cls(reading.text(asked, "q"), reading.choice(asked, "kind", Kind, Kind.ALL))

    def query(self, **instead: str) -> dict[str, str]:
        asked = {"q": self.text, "kind": "" if self.kind is Kind.ALL else str(self.kind)} | instead
        return {name: word for name, word in asked.items() if word}


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    name: str
    is_company: bool
    company_id: int | None
    company: str | None
    email: str | None
    phone: str | None
    owner_id: int | None
    owner: str | None
    created_at: datetime
    deleted_at: datetime | None
    open_deals: int

    @property
    def initials(self) -> str:
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class Listed:
    lines: Sequence[Line]
    paging: Paging


def listed(wanted: Wanted, sort: Sort[By], page: int, *, seen_by: User) -> Listed:
    """A page of the list; the last one when there are not so many."""
    shown = where(wanted, seen_by=seen_by)
    count = db.session.scalar(select(func.count(Contact.id)).where(shown)) or 0
    paging = Paging.of(page, PAGE, count)
    return Listed(lines_of(_ids(shown, sort, paging), seen_by=seen_by), paging)


def _ids(shown: ColumnElement[bool], sort: Sort[By], paging: Paging) -> Sequence[int]:
    """The ids alone: sorting narrow rows, and reading wide ones only for a page, keeps large lists fast."""
    ids = select(Contact.id).where(shown)
    for joined in JOINS.get(sort.by, ()):
        ids = ids.outerjoin(*joined)
    ordered = ids.order_by(sort.ordering(COLUMNS[sort.by]), Contact.id).limit(paging.size).offset(paging.offset)
    return db.session.scalars(ordered).all()


def lines_of(ids: Sequence[int], *, seen_by: User) -> list[Line]:
    """The rows of these contacts, in the order given."""
    rows = db.session.execute(LINES.add_columns(_open_deals(seen_by)).where(Contact.id.in_(ids))).all() if ids else []
    return sorted((Line(**row._mapping) for row in rows), key=lambda line: ids.index(line.id))


def where(wanted: Wanted, *, seen_by: User) -> ColumnElement[bool]:
    gone = wanted.kind is Kind.DELETED
    shown = access.visible_contacts(seen_by) & (
        Contact.deleted_at.is_not(None) if gone else Contact.deleted_at.is_(None)
    )
    if wanted.kind in (Kind.PEOPLE, Kind.COMPANIES):
        shown &= Contact.is_company.is_(wanted.kind is Kind.COMPANIES)
    if not wanted.text:
        return shown
    access.refuse_unless(seen_by, Permission.SEARCH, NO_SEARCH)
    return shown & contacts_saying(wanted.text)


def _open_deals(person: User) -> Label[int]:
    """Beside a contact: its open opportunities, as far as the person may see them."""
    counted = select(func.count(Opportunity.id)).where(
        Opportunity.contact_id == Contact.id,
        Opportunity.status == Status.OPEN,
        Opportunity.deleted_at.is_(None),
        access.visible_opportunities(person),
    )
    return counted.correlate(Contact).scalar_subquery().label("open_deals")


LINES = (
    select(
        Contact.id,
        Contact.name,
        Contact.is_company,
        Contact.company_id,
        Company.name.label("company"),
        Contact.email,
        Contact.phone,
        Contact.owner_id,
        User.name.label("owner"),
        Contact.created_at,
        Contact.deleted_at,
    )
    .outerjoin(Company, Contact.company_id == Company.id)
    .outerjoin(User, Contact.owner_id == User.id)
)
