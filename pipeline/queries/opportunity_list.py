"""The list of opportunities: a page of rows in a chosen order, with totals over all that the filter shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, case, select

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import LeadSource, Opportunity, Status
from pipeline.models.pipeline import Colour, Pipeline, Stage
from pipeline.models.user import User, initials_of
from pipeline.queries import totals
from pipeline.queries.filters import Filter, where
from pipeline.queries.next_action import TASK_ON, Due, due
from pipeline.queries.opportunity_order import By, Company, ordered
from pipeline.queries.paging import Paging
from pipeline.queries.sorting import Sort
from pipeline.queries.totals import Total
from pipeline.queries.weighing import weighted

PAGE = 50
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One opportunity as a list shows it. `step_on` is the day of its next action, else of its first task."""

    id: int
    title: str
    contact_id: int
    contact: str
    company: str | None
    email: str | None
    phone: str | None
    pipeline: str
    stage: str
    stage_colour: Colour
    status: Status
    owner_id: int | None
    owner: str | None
    currency: str
    value: int
    weighted: int
    expected_close: date | None
    next_action: str | None
    next_action_on: date | None
    task_on: date | None
    source: str | None
    entered_stage_at: datetime
    created_at: datetime
    closed_at: datetime | None
    step_on: date | None
    due: Due
    days_in_stage: int

    @property
    def owner_initials(self) -> str:
        return initials_of(self.owner or "")


@dataclass(frozen=True, slots=True)
class Listed:
    lines: Sequence[Line]
    totals: Sequence[Total]
    closed_not_shown: int
    paging: Paging


def listed(filter: Filter, sort: Sort[By], page: int, *, seen_by: User) -> Listed:
    """A page of the list; the last one when there are not so many."""
    sums = totals.of(filter, seen_by=seen_by)
    paging = Paging.of(page, PAGE, sums.count)
    ids = db.session.scalars(_ids(filter, sort, seen_by).limit(paging.size).offset(paging.offset)).all()
    return Listed(lines_of(ids, seen_by=seen_by), sums.totals, sums.closed_not_shown, paging)


def every_line(filter: Filter, sort: Sort[By], *, seen_by: User) -> Iterator[Line]:
    """All of the list in its order, read a batch at a time."""
    yield from every_line_of(db.session.scalars(_ids(filter, sort, seen_by)).all(), seen_by=seen_by)


def every_line_of(ids: Sequence[int], *, seen_by: User) -> Iterator[Line]:
    """The rows of these opportunities, however many, read a batch at a time."""
    for start in range(0, len(ids), BATCH):
        yield from lines_of(ids[start : start + BATCH], seen_by=seen_by)


def lines_of(ids: Sequence[int], *, seen_by: User) -> list[Line]:
    """The rows of these opportunities, in the order given."""
    now, today = clock.now(), clock.today(seen_by)
    found = {row.id: row for row in db.session.execute(LINES.where(Opportunity.id.in_(ids)))} if ids else {}
    return [_line(found[id_], now, today) for id_ in ids if id_ in found]


def _ids(filter: Filter, sort: Sort[By], person: User) -> Select[int]:
    """The ids alone: sorting narrow rows, and reading wide ones only for a page, keeps large lists fast."""
    return ordered(select(Opportunity.id).where(where(filter, seen_by=person)), sort)


def _line(row: Row[Any], now: datetime, today: date) -> Line:
    step_on = row.next_action_on if row.next_action else row.next_action_on or row.task_on
    return Line(
        **row._mapping,
        step_on=step_on,
        due=Due.NONE if row.closed_at else due(step_on, today),
        days_in_stage=max(0, ((row.closed_at or now) - row.entered_stage_at).days),
    )


LINES = (
    select(
        Opportunity.id,
        Opportunity.title,
        Opportunity.contact_id,
        Contact.name.label("contact"),
        case((Contact.is_company, Contact.name), else_=Company.name).label("company"),
        Contact.email,
        Contact.phone,
        Pipeline.name.label("pipeline"),
        Stage.name.label("stage"),
        Stage.colour.label("stage_colour"),
        Opportunity.status,
        Opportunity.owner_id,
        User.name.label("owner"),
        Opportunity.currency,
        Opportunity.value,
        weighted().label("weighted"),
        Opportunity.expected_close,
        Opportunity.next_action,
        Opportunity.next_action_on,
        TASK_ON.label("task_on"),
        LeadSource.name.label("source"),
        Opportunity.entered_stage_at,
        Opportunity.created_at,
        Opportunity.closed_at,
    )
    .join(Contact, Opportunity.contact_id == Contact.id)
    .outerjoin(Company, Contact.company_id == Company.id)
    .join(Pipeline, Opportunity.pipeline_id == Pipeline.id)
    .join(Stage, Opportunity.stage_id == Stage.id)
    .outerjoin(User, Opportunity.owner_id == User.id)
    .outerjoin(LeadSource, Opportunity.source_id == LeadSource.id)
)
