"""The cards of a board: narrow rows found by index, a handful for each column; then what is written on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
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
from pipeline.queries import board_order, board_tops
from pipeline.queries.board_order import BoardOrder, Place
from pipeline.queries.filters import Filter
from pipeline.queries.next_action import Due, due
from pipeline.queries.opportunity_order import Company

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

    `key` is what its column is ordered by, as text.
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
    top = board_tops.ids(stages, filter, sizes, seen_by=seen_by, below=below)
    cards = _read(WRITTEN.join(top, top.c.id == Opportunity.id), stages, filter.order, seen_by)
    return {stage.id: cards.get(stage.id, [])[: sizes[stage.id]] for stage in stages}


def one(opportunity_id: int, stage: Stage, *, order: BoardOrder = BoardOrder.MANUAL, seen_by: User) -> Card:
    """A single card, as it stands in its stage."""
    [card] = _read(WRITTEN.where(Opportunity.id == opportunity_id), [stage], order, seen_by)[stage.id]
    return card


def _read(written: Select[Any], stages: Sequence[Stage], order: BoardOrder, person: User) -> Mapping[int, list[Card]]:
    """The cards of each stage in their order. A card is read once for each of its tags."""
    by_id = {stage.id: stage for stage in stages}
    here = _Here(clock.now(), clock.today(person))
    columns: dict[int, list[Card]] = defaultdict(list)
    rows = db.session.execute(written.order_by(Opportunity.id, Tag.name)).all()
    cards = [list(same) for _, same in groupby(rows, key=attrgetter("id"))]
    for first, *others in sorted(cards, key=lambda same: board_order.sorting(same[0], order)):
        tags = [Badge(row.tag, row.tag_colour) for row in (first, *others) if row.tag is not None]
        columns[first.stage_id].append(here.card(first, by_id[first.stage_id], tags, order))
    return columns


@dataclass(frozen=True, slots=True)
class _Here:
    """The present, where the reader is."""

    now: datetime
    today: date

    def card(self, row: Row[Any], stage: Stage, tags: Sequence[Badge], order: BoardOrder) -> Card:
        is_open = row.status is Status.OPEN
        stay = (row.closed_at or self.now) - row.entered_stage_at
        urgency = due(row.next_action_on, self.today) if is_open else Due.NONE
        is_working = is_open and stage.kind is StageKind.WORKING
        silence = self.silence(row, stage) if is_working else None
        return Card(
            id=row.id,
            stage_id=row.stage_id,
            key=board_order.place_of(row, order),
            version=row.version,
            title=row.title,
            contact=row.contact,
            company=row.company,
            status=row.status,
            currency=row.currency,
            value=row.value,
            owner_id=row.owner_id,
            owner=row.owner or "",
            initials=initials_of(row.owner) if row.owner else "",
            next_action=row.next_action,
            next_action_on=row.next_action_on,
            next_action_at=row.next_action_at,
            due=urgency,
            lacks_step=is_working and row.planned_until is None and row.wake_on is None,
            days=max(0, stay.days),
            target_days=stage.target_days,
            pace=_pace(stay, stage.target_days) if is_open else Pace.QUIET,
            tags=tags,
            rotten_days=silence.days if silence and silence.is_rotting else None,
            allowed_days=silence.allowed if silence else 0,
            wake_on=row.wake_on,
            probability=stage.probability if row.probability_override is None else row.probability_override,
            expected_close=row.expected_close,
            source=row.source,
        )

    def silence(self, row: Row[Any], stage: Stage) -> Reckoning | None:
        return rotting.reckon(
            status=row.status,
            allowed=stage.pipeline.rotting_days,
            last_contact_at=row.last_contact_at,
            planned_until=row.planned_until,
            wake_on=row.wake_on,
            now=self.now,
            today=self.today,
        )


def _pace(stay: timedelta, target_days: int) -> Pace:
    target = timedelta(days=target_days)
    if not target or stay < NEARLY * target:
        return Pace.QUIET
    return Pace.OVER if stay > target else Pace.NEARLY


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
)
