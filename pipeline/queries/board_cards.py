"""The cards of a board: narrow rows found by index, a handful for each column; then what is written on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, case, select, tuple_, union_all

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import Opportunity, Status, opportunity_tags
from pipeline.models.pipeline import Colour, Stage, StageKind
from pipeline.models.user import User, initials_of
from pipeline.queries.filters import Filter, Shown, where
from pipeline.queries.next_action import Due, due
from pipeline.queries.opportunity_order import Company

NEARLY = 0.75


class Pace(StrEnum):
    """How long a card has stood in its stage, beside the stage's target."""

    QUIET = "quiet"
    NEARLY = "nearly"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card lies in its column: what lies below comes after it."""

    rank: str
    id: int


@dataclass(frozen=True, slots=True)
class Badge:
    """A tag, as a card shows it."""

    name: str
    colour: Colour


@dataclass(slots=True)
class Card:
    """One opportunity as the board shows it. `owner` and `initials` are empty when nobody owns it."""

    id: int
    stage_id: int
    rank: str
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


def on_top(
    stages: Sequence[Stage],
    filter: Filter,
    sizes: Mapping[int, int],
    *,
    seen_by: User,
    below: Place | None = None,
) -> Mapping[int, Sequence[Card]]:
    """The topmost cards of each stage by its id, as many as `sizes` says; all in one query, and one for their tags."""
    if not stages:
        return {}
    arms = [
        _arm(replace(filter, pipeline=None, stage=stage.id, status=Shown(status)), seen_by, below)
        .limit(sizes[stage.id])
        .subquery()
        for stage in stages
        for status in filter.status.statuses
    ]
    top = union_all(*(select(arm.c.id) for arm in arms)).subquery()
    rows = db.session.execute(WRITTEN.join(top, top.c.id == Opportunity.id)).all()
    chosen = _chosen(rows, sizes)
    tags = _tags([row.id for column in chosen.values() for row in column])
    by_id = {stage.id: stage for stage in stages}
    here = _Here(clock.now(), clock.today(seen_by))
    return {
        stage.id: [here.card(row, by_id[stage.id], tags.get(row.id, ())) for row in chosen.get(stage.id, ())]
        for stage in stages
    }


def one(opportunity_id: int, stage: Stage, *, seen_by: User) -> Card:
    """A single card, as it stands in its stage."""
    row = db.session.execute(WRITTEN.where(Opportunity.id == opportunity_id)).one()
    tags = _tags([opportunity_id]).get(opportunity_id, ())
    return _Here(clock.now(), clock.today(seen_by)).card(row, stage, tags)


def _arm(asked: Filter, person: User, below: Place | None) -> Select[int]:
    """One stage with one status from the top: a walk along the index, as long as it is asked for."""
    arm = select(Opportunity.id).where(where(asked, seen_by=person))
    if below is not None:
        arm = arm.where(tuple_(Opportunity.rank, Opportunity.id) > tuple_(below.rank, below.id))
    return arm.order_by(Opportunity.rank, Opportunity.id)


def _chosen(rows: Sequence[Row[Any]], sizes: Mapping[int, int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Each stage's rows from the top; where several statuses were asked for, the topmost of them all."""
    columns: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.rank, row.id)):
        columns[row.stage_id].append(row)
    return {stage_id: column[: sizes[stage_id]] for stage_id, column in columns.items()}


def _tags(ids: Sequence[int]) -> Mapping[int, Sequence[Badge]]:
    if not ids:
        return {}
    worn: dict[int, list[Badge]] = defaultdict(list)
    for opportunity_id, name, colour in db.session.execute(
        select(opportunity_tags.c.opportunity_id, Tag.name, Tag.colour)
        .join(Tag, Tag.id == opportunity_tags.c.tag_id)
        .where(opportunity_tags.c.opportunity_id.in_(ids))
        .order_by(Tag.name)
    ):
        worn[opportunity_id].append(Badge(name, colour))
    return worn


@dataclass(frozen=True, slots=True)
class _Here:
    """The present, where the reader is."""

    now: datetime
    today: date

    def card(self, row: Row[Any], stage: Stage, tags: Sequence[Badge]) -> Card:
        is_open = row.status is Status.OPEN
        stay = (row.closed_at or self.now) - row.entered_stage_at
        urgency = due(row.next_action_on, self.today) if is_open else Due.NONE
        return Card(
            id=row.id,
            stage_id=row.stage_id,
            rank=row.rank,
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
            lacks_step=is_open and urgency is Due.NONE and stage.kind is StageKind.WORKING,
            days=max(0, stay.days),
            target_days=stage.target_days,
            pace=_pace(stay, stage.target_days) if is_open else Pace.QUIET,
            tags=tags,
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
        Opportunity.next_action,
        Opportunity.next_action_on,
        Opportunity.next_action_at,
        Opportunity.entered_stage_at,
        Opportunity.closed_at,
    )
    .join(Contact, Opportunity.contact_id == Contact.id)
    .outerjoin(Company, Contact.company_id == Company.id)
    .outerjoin(User, Opportunity.owner_id == User.id)
)
