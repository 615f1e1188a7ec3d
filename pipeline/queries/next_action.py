"""What comes next for an opportunity, by its next action and its tasks, and how urgent that is for whoever looks."""

from datetime import date
from enum import StrEnum

from sqlalchemy import func, select

from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity

TASK_ON = (
    select(func.min(Activity.due_on))
    .where(Activity.opportunity_id == Opportunity.id, Activity.done_at.is_(None), Activity.deleted_at.is_(None))
    .correlate(Opportunity)
    .scalar_subquery()
)
"""The earliest day of its open tasks."""


class Due(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    NONE = "none"


def due(day: date | None, today: date) -> Due:
    if day is None:
        return Due.NONE
    if day < today:
        return Due.OVERDUE
    return Due.TODAY if day == today else Due.LATER


def first(*days: date | None) -> date | None:
    """The earliest of the days that are set."""
    return min((day for day in days if day is not None), default=None)
