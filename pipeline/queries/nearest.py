"""The ids of what a few typed letters find, the nearest first: all of them page by page, or quickly the first few.

Names that begin with it come first, then those with a word that does, then those that hold it, then what was found by
something else; among equals open deals before closed ones, and the newest first.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, case, func, select, union_all

from pipeline.domain import access
from pipeline.folding import begins, contains, spaced
from pipeline.kept.search_texts import contact_texts, title_texts
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User
from pipeline.queries import matching

Ordered = Select[int, int, Any, int]
Rows = Ordered | CompoundSelect[int, int, Any, int]
ORDER = ("near", "then", "last")
EVERYTHING = 2**31 - 1


class Group(StrEnum):
    OPPORTUNITIES = "opportunities"
    PEOPLE = "people"
    COMPANIES = "companies"

    @property
    def is_contacts(self) -> bool:
        return self is not Group.OPPORTUNITIES


def page(group: Group, text: str, *, seen_by: User, limit: int, offset: int) -> Rows:
    """So many of all that is found, from there on."""
    return _all(group, text, seen_by).order_by(*ORDER).limit(limit).offset(offset)


def first(group: Group, text: str, *, seen_by: User, limit: int) -> Rows:
    """The nearest among the newest that hold it; where these are too few to be seen, among all.

    What a great many hold is found at once, then, however many they are. The database decides, in one statement.
    """
    lately = _lately(group, text)
    if lately is None:
        return page(group, text, seen_by=seen_by, limit=limit, offset=0)
    newest = _rows(group, text, seen_by).where(lately).order_by(*ORDER).limit(limit).cte()
    count = select(func.count()).select_from(newest).scalar_subquery()
    most = case((count < limit, EVERYTHING), else_=0)  # a condition alone would not keep SQLite from looking
    rest = _all(group, text, seen_by, most).order_by(*ORDER).limit(limit).subquery()
    return union_all(select(newest).where(count == limit), select(rest)).order_by(*ORDER)


def _all(group: Group, text: str, person: User, most: matching.Most = None) -> Ordered:
    said = matching.contacts_saying if group.is_contacts else matching.opportunities_saying
    return _rows(group, text, person).where(said(text, most))


def _lately(group: Group, text: str) -> ColumnElement[bool] | None:
    said = matching.contacts_lately_saying if group.is_contacts else matching.opportunities_lately_saying
    return said(text)


def _rows(group: Group, text: str, person: User) -> Ordered:
    """What the person may see of a group, with what it is put in order by."""
    if group.is_contacts:
        near = _how_near(contact_texts, text)
        rows = select(Contact.id, near.label("near"), Contact.name.label("then"), Contact.id.label("last"))
        rows = rows.join(contact_texts, contact_texts.c.id == Contact.id).where(access.visible_contacts(person))
        return rows.where(Contact.deleted_at.is_(None), Contact.is_company.is_(group is Group.COMPANIES))
    near, is_closed = _how_near(title_texts, text), Opportunity.status != Status.OPEN
    rows = select(Opportunity.id, near.label("near"), is_closed.label("then"), (-Opportunity.id).label("last"))
    rows = rows.join(title_texts, title_texts.c.id == Opportunity.id).where(access.visible_opportunities(person))
    return rows.where(Opportunity.deleted_at.is_(None))


def _how_near(texts: Table, text: str) -> ColumnElement[int]:
    said = spaced(text)
    words = texts.c.text
    return case((begins(words, said), 0), (contains(words, said), 1), (contains(words, said.strip()), 2), else_=3)
