"""The columns a list of opportunities can have: which there are, how each is called, and what it is sorted by."""

from collections.abc import Iterable
from enum import StrEnum

from pipeline.queries.filters import Filter
from pipeline.queries.opportunity_order import By


class Column(StrEnum):
    TITLE = "title"
    CONTACT = "contact"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    PIPELINE = "pipeline"
    STAGE = "stage"
    STATUS = "status"
    OWNER = "owner"
    VALUE = "value"
    WEIGHTED = "weighted"
    CLOSE = "close"
    NEXT = "next"
    SOURCE = "source"
    DAYS = "days"
    CREATED = "created"
    CLOSED = "closed"
    NUMBER = "number"


NAMES = {
    Column.TITLE: "Title", Column.CONTACT: "Contact", Column.COMPANY: "Company", Column.EMAIL: "Mail",
    Column.PHONE: "Phone", Column.PIPELINE: "Pipeline", Column.STAGE: "Stage", Column.STATUS: "Status",
    Column.OWNER: "Owner", Column.VALUE: "Value", Column.WEIGHTED: "Weighted", Column.CLOSE: "Expected close",
    Column.NEXT: "Next action", Column.SOURCE: "Source", Column.DAYS: "Days in stage", Column.CREATED: "Created",
    Column.CLOSED: "Closed", Column.NUMBER: "Number",
}  # fmt: skip
SORTS = {
    Column.TITLE: By.TITLE, Column.CONTACT: By.CONTACT, Column.COMPANY: By.COMPANY, Column.STAGE: By.STAGE,
    Column.PIPELINE: By.STAGE, Column.STATUS: By.STATUS, Column.OWNER: By.OWNER, Column.VALUE: By.VALUE,
    Column.CLOSE: By.CLOSE, Column.NEXT: By.NEXT, Column.SOURCE: By.SOURCE, Column.DAYS: By.DAYS,
    Column.CREATED: By.CREATED, Column.CLOSED: By.CLOSED,
}  # fmt: skip
NUMBERS = {Column.VALUE, Column.WEIGHTED, Column.DAYS, Column.NUMBER}
USUAL = (
    Column.TITLE, Column.CONTACT, Column.COMPANY, Column.STAGE, Column.STATUS, Column.OWNER, Column.VALUE,
    Column.CLOSE, Column.NEXT, Column.DAYS, Column.CREATED,
)  # fmt: skip


def read(words: Iterable[str]) -> tuple[Column, ...]:
    """The columns that these words name, each once; the title stands first, whatever else is asked."""
    known = [Column(word) for word in words if word in set(Column)]
    return tuple(dict.fromkeys((Column.TITLE, *known))) if known else ()


def chosen(*wishes: str, filter: Filter) -> tuple[Column, ...]:
    """By the first of these lists of words, joined by commas, that names any; else the usual ones."""
    return next((columns for wish in wishes if (columns := read(wish.split(",")))), usual(filter))


def usual(filter: Filter) -> tuple[Column, ...]:
    """Without a status where all have the same."""
    return tuple(column for column in USUAL if column is not Column.STATUS or len(filter.status.statuses) > 1)


def written(columns: Iterable[Column]) -> str:
    return ",".join(columns)
