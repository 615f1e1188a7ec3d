"""The cards of a board: narrow rows found by index, a handful for each column; then what is written on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, case, select

from pipeline import clock
from pipeline.domain import rotting
from pipeline.domain.rotting import Reckoning
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import LeadSource, Opportunity, Status, opportunity_tags
from pipeline.models.pipeline import Colour, Stage, StageKind
from pipeline.models.user import User, initials_of
from pipeline.queries import anyone, board_order, board_tops
from pipeline.queries.board_order import BoardOrder, Place
from pipeline.queries.built import Built
from pipeline.queries.filters import Filter
from pipeline.queries.next_action import TASK_ON, Due, due, first
from pipeline.queries.opportunity_order import Company

Cards = Select[Any]
NEARLY = 0.75


class Pace(StrEnum):
    """How long a card has stood in its stage, beside the stage's target."""

    QUIET = "quiet"
    NEARLY = "nearly"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Badge:
    """A tag, as a card shows it."""

    name: str
    colour: Colour


@dataclass(slots=True)
class Card:
    """One opportunity as the board shows it. `owner` and `initials` are empty when nobody owns it.

    `key` is what its column is ordered by, as text; `step_on` the earliest day planned, as its next action or a task.
    """

    id: int
    stage_id: int
    key: str
    version: int
    title: str
    contact: str
    company: str | None
    status: Status
    currency: str
    value: int
    owner_id: int | None
    owner: str
    initials: str
    next_action: str | None
    next_action_on: date | None
    next_action_at: time | None
    step_on: date | None
    due: Due
    lacks_step: bool
    days: int
    target_days: int
    pace: Pace
    tags: Sequence[Badge]
    rotten_days: int | None = None
    """How many days nobody was in touch, once that is too long; `allowed_days` is how long its pipeline bears it."""
    allowed_days: int = 0
    wake_on: date | None = None
    probability: int = 0
    expected_close: date | None = None
    source: str | None = None


def on_top(
    stages: Sequence[Stage],
    filter: Filter,
    sizes: Mapping[int, int],
    *,
    seen_by: User,
    below: Place | None = None,
) -> Mapping[int, Sequence[Card]]:
    """The topmost cards of each stage by its id, as many as `sizes` says, with their tags; all in one query."""
    if not stages:
        return {}

    def build(reader: User) -> Cards:
        top = board_tops.ids(stages, filter, sizes, seen_by=reader, below=below)
        return WRITTEN.join(top, top.c.id == Opportunity.id)

    wanted = tuple((stage.id, sizes[stage.id]) for stage in stages)
    written = build(seen_by) if below else _TOPS.for_all_like(seen_by, filter, wanted, build=build)
    cards = read(db.session.execute(written, anyone.who(seen_by)).all(), stages, filter.order, seen_by)
    return {stage.id: cards.get(stage.id, [])[: sizes[stage.id]] for stage in stages}


def read(
    rows: Sequence[Row[Any]], stages: Sequence[Stage], order: BoardOrder, person: User
) -> Mapping[int, list[Card]]:
    """The cards of each stage in their order, from rows of what is `WRITTEN`: one for each tag of a card."""
    present = clock.now()
    heres = {stage.id: _Here(stage, order, present, clock.today(person)) for stage in stages}
    columns: dict[int, list[Card]] = defaultdict(list)
    cards = [list(same) for _, same in groupby(rows, key=attrgetter("id"))]
    for row, *others in sorted(cards, key=lambda same: board_order.sorting(same[0], order)):
        tags = [Badge(each.tag, each.tag_colour) for each in (row, *others) if each.tag is not None]
        columns[row.stage_id].append(heres[row.stage_id].card(row, tags))
    return columns


class _Here:
    """The present in one stage, where the reader is."""

    def __init__(self, stage: Stage, order: BoardOrder, now: datetime, today: date) -> None:
        self.order, self.now, self.today = order, now, today
        self.is_working = stage.kind is StageKind.WORKING
        self.probability, self.target_days = stage.probability, stage.target_days
        self.target = timedelta(days=stage.target_days)
        self.allowed = stage.pipeline.rotting_days if self.is_working else 0

    def card(self, row: Row[Any], tags: Sequence[Badge]) -> Card:
        is_open = row.status is Status.OPEN
        stay = (row.closed_at or self.now) - row.entered_stage_at
        silence = self.silence(row) if is_open and self.allowed else None
        step_on = first(row.next_action_on, row.task_on) if is_open else None
        return Card(
            id=row.id,
            stage_id=row.stage_id,
            key=board_order.place_of(row, self.order),
            version=row.version,
            title=row.title,
            contact=row.contact,
            company=row.company,
            status=row.status,
            currency=row.currency,
            value=row.value,
            owner_id=row.owner_id,
            owner=row.owner or "",
            initials=_initials(row.owner) if row.owner else "",
            next_action=row.next_action,
            next_action_on=row.next_action_on,
            next_action_at=row.next_action_at,
            step_on=step_on,
            due=due(step_on, self.today),
            lacks_step=is_open and self.is_working and row.planned_until is None and row.wake_on is None,
            days=max(0, stay.days),
            target_days=self.target_days,
            pace=self.pace(stay) if is_open else Pace.QUIET,
            tags=tags,
            rotten_days=silence.days if silence and silence.is_rotting else None,
            allowed_days=self.allowed if is_open else 0,
            wake_on=row.wake_on,
            probability=self.probability if row.probability_override is None else row.probability_override,
            expected_close=row.expected_close,
            source=row.source,
        )

    def silence(self, row: Row[Any]) -> Reckoning | None:
        return rotting.reckon(
            status=row.status,
            allowed=self.allowed,
            last_contact_at=row.last_contact_at,
            planned_until=row.planned_until,
            wake_on=row.wake_on,
            now=self.now,
            today=self.today,
        )

    def pace(self, stay: timedelta) -> Pace:
        if not self.target or stay < NEARLY * self.target:
            return Pace.QUIET
        return Pace.OVER if stay > self.target else Pace.NEARLY


WRITTEN = (
    select(
        Opportunity.id,
        Opportunity.stage_id,
        Opportunity.rank,
        Opportunity.version,
        Opportunity.title,
        Contact.name.label("contact"),
        case((Contact.is_company, None), else_=Company.name).label("company"),
        Opportunity.status,
        Opportunity.currency,
        Opportunity.value,
        Opportunity.owner_id,
        User.name.label("owner"),
        Tag.name.label("tag"),
        Tag.colour.label("tag_colour"),
        Opportunity.next_action,
        Opportunity.next_action_on,
        Opportunity.next_action_at,
        Opportunity.entered_stage_at,
        Opportunity.closed_at,
        Opportunity.last_contact_at,
        Opportunity.planned_until,
        TASK_ON.label("task_on"),
        Opportunity.wake_on,
        Opportunity.probability_override,
        Opportunity.expected_close,
        LeadSource.name.label("source"),
    )
    .join(Contact, Opportunity.contact_id == Contact.id)
    .outerjoin(Company, Contact.company_id == Company.id)
    .outerjoin(User, Opportunity.owner_id == User.id)
    .outerjoin(LeadSource, Opportunity.source_id == LeadSource.id)
    .outerjoin(opportunity_tags, opportunity_tags.c.opportunity_id == Opportunity.id)
    .outerjoin(Tag, Tag.id == opportunity_tags.c.tag_id)
    .order_by(Opportunity.id, Tag.name)
)

_TOPS: Built[Cards] = Built()
_initials = lru_cache(maxsize=1000)(initials_of)
