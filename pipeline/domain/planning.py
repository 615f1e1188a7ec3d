"""Until when something is planned for a deal: the latest day of its open tasks and of its next action."""

from datetime import date, time

from sqlalchemy import func, select

from pipeline.domain.holding import hold_row
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity


def keep(opportunity: Opportunity | None, *, held: bool = False) -> None:
    """Write it down anew, once its tasks or its next action have changed. A task about no deal plans none."""
    if opportunity is None:
        return
    db.session.flush()
    if not held:
        hold_row(opportunity)
    due = db.session.scalar(
        select(func.max(Activity.due_on)).where(
            Activity.opportunity_id == opportunity.id, Activity.done_at.is_(None), Activity.deleted_at.is_(None)
        )
    )
    days = [day for day in (due, opportunity.next_action_on) if day is not None]
    opportunity.planned_until = max(days, default=None)
    if days:
        opportunity.woke_on = None


def refuse_hour_without_day(day: date | None, hour: time | None) -> None:
    """A time of day is one of some day."""
    if hour is not None and day is None:
        raise RuleBroken(f"Choose the day for {hour:%H:%M}.")
