"""Putting off what cannot be done today: a task or a next action stands under another day. What is to be done stays."""

from datetime import date

from pipeline import clock
from pipeline.domain import activities, opportunities
from pipeline.domain.rules import RuleBroken
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


def put_off(activity: Activity, until: date, *, by: User) -> None:
    """The task is due on that day. Refuses a day that is over."""
    _refuse_past(until, by)
    activities.change(activity, by=by, due_on=until)


def put_off_step(opportunity: Opportunity, until: date, *, by: User) -> None:
    """The next action is planned for that day, at the same time of day. Refuses a day that is over."""
    _refuse_past(until, by)
    opportunities.change(opportunity, by=by, next_action_on=until)


def _refuse_past(day: date, by: User) -> None:
    """By the calendar of whoever says it."""
    if day < clock.today(by):
        raise RuleBroken("Choose a day to come; it can stand here again today at the earliest.")
