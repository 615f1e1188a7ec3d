"""When a deal rots: open, in a working stage, nobody in touch for too many days, and nothing planned either.

A contact is what a person did: a call, a note, a mail, a task completed, a move. What automations do is none. A plan
for today or later, or a wake-up day, stops the clock. How long is too long is the pipeline's to say; 0 is never.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline, Stage, StageKind
from pipeline.transaction import read_once

Thresholds = Mapping[int, int]
"""Days until a deal rots, for each working stage it may stand in; 0 is never."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How long nobody was in touch, what its pipeline allows, and until when something is planned."""

    days: int
    allowed: int
    paused_until: date | None

    @property
    def is_rotting(self) -> bool:
        return self.paused_until is None and self.days >= self.allowed


def reckon(
    *,
    status: Status,
    allowed: int,
    last_contact_at: datetime,
    planned_until: date | None,
    wake_on: date | None,
    now: datetime,
    today: date,
) -> Reckoning | None:
    """The reckoning of a deal, on the day `today` where the reader is; None where no clock runs."""
    if status is not Status.OPEN or not allowed:
        return None
    plans = [day for day in (planned_until, wake_on) if day is not None and day >= today]
    return Reckoning(max(0, (now - last_contact_at).days), allowed, max(plans, default=None))


def reckoning_of(opportunity: Opportunity, today: date) -> Reckoning | None:
    """The same of a loaded deal."""
    working = opportunity.stage.kind is StageKind.WORKING
    return reckon(
        status=opportunity.status,
        allowed=opportunity.pipeline.rotting_days if working else 0,
        last_contact_at=opportunity.last_contact_at,
        planned_until=opportunity.planned_until,
        wake_on=opportunity.wake_on,
        now=clock.now(),
        today=today,
    )


def thresholds() -> Thresholds:
    """Of all pipelines; one answer asks for them once."""
    return read_once(_thresholds)


def _thresholds() -> Thresholds:
    clocks = select(Stage.id, Pipeline.rotting_days).join(Pipeline, Pipeline.id == Stage.pipeline_id)
    working = clocks.where(Stage.kind == StageKind.WORKING)
    return {row.id: row.rotting_days for row in db.session.execute(working)}


def is_rotting(limits: Thresholds, *, now: datetime, today: date) -> ColumnElement[bool]:
    """The WHERE clause that says the same as `reckon`; deleted deals are left to the query."""
    return has_rotted(limits, lambda days: now - timedelta(days=days), today)


def has_rotted(limits: Thresholds, silent_since: Callable[[int], Any], today: Any) -> ColumnElement[bool]:
    """The same with names in place of moments, for a query that is written once and asked often.

    The stages are asked for as sums, which no index knows: in most of them many deals stand that do not rot.
    """
    stages: dict[int, list[int]] = {}
    for stage_id, days in limits.items():
        if days:
            stages.setdefault(days, []).append(stage_id)
    if not stages:
        return false()
    neglected = (
        and_((Opportunity.stage_id + 0).in_(ids), Opportunity.last_contact_at <= silent_since(days))
        for days, ids in sorted(stages.items())
    )
    return and_(Opportunity.status == Status.OPEN, or_(*neglected), *(_is_over(day, today) for day in PLANS))


PLANS = (Opportunity.planned_until, Opportunity.wake_on)


def _is_over(day: InstrumentedAttribute[date | None], today: Any) -> ColumnElement[bool]:
    return or_(day.is_(None), day < today)


def begin_anew(opportunity_id: int) -> None:
    """A person was in touch just now; a deal that woke has been seen to."""
    opportunity = db.session.get_one(Opportunity, opportunity_id)
    opportunity.last_contact_at = clock.now()
    opportunity.woke_on = None
