"""Create a task, call, meeting or mail to do for the opportunity's owner or somebody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from pipeline import clock
from pipeline.domain import activities, merge_fields, times
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending, Reversal
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity, ActivityKind
from pipeline.models.automation import ActionKind, Step
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

WORDS = {
    ActivityKind.TODO: "task",
    ActivityKind.CALL: "call",
    ActivityKind.MEETING: "meeting",
    ActivityKind.MAIL: "mail to write",
}


class CreateTaskSettings(base.ActionSettings):
    """`due_in_days` counts from the day it is created, where the assignee is. No assignee: the owner."""

    title: str = Field(min_length=1, max_length=200)
    activity: ActivityKind = ActivityKind.TODO
    due_in_days: int | None = Field(default=0, ge=0, le=3650)
    assignee_id: int | None = None


class CreateTask(ActionType):
    kind = ActionKind.CREATE_TASK
    name = "Create a task"
    hint = "A task, call or meeting appears on the record and on its assignee's Today page."
    Settings = CreateTaskSettings
    says_when = True

    def check(self, settings: CreateTaskSettings) -> None:
        merge_fields.refuse_unknown(settings.title)

    def describe(self, settings: CreateTaskSettings) -> str:
        return _create(settings, merge_fields.spoken(settings.title)) + _due(settings.due_in_days)

    def promise(self, settings: CreateTaskSettings, opportunity: Opportunity) -> str:
        return _create(settings, merge_fields.said_of(opportunity, settings.title))

    def foresee(self, settings: CreateTaskSettings, opportunity: Opportunity, due_at: datetime) -> str:
        assignee = _assignee(settings, opportunity)
        title = merge_fields.said_of(opportunity, settings.title)
        words = f"Creates the {WORDS[settings.activity]} “{title}” for {assignee.name if assignee else 'nobody'}"
        if settings.due_in_days is None:
            is_later = due_at > clock.now() + timedelta(minutes=1)
            return f"{words}, {times.moment(due_at, None, assignee)}" if is_later else words
        zone = ZoneInfo(assignee.time_zone if assignee else "UTC")
        day = due_at.astimezone(zone).date() + timedelta(days=settings.due_in_days)
        return f"{words}, due {times.day(day, clock.today(assignee))}"

    def perform(self, step: Step, settings: CreateTaskSettings) -> Ending:
        opportunity = step.run.opportunity
        assignee = _assignee(settings, opportunity)
        due_in = settings.due_in_days
        activity = activities.plan(
            opportunity,
            merge_fields.said_of(opportunity, settings.title)[: activities.LONGEST],
            by=None,
            kind=settings.activity,
            assignee=assignee,
            due_on=None if due_in is None else clock.days_from_today(due_in, assignee),
            via=Via.AUTOMATION,
            because=step.run.event,
        )
        words = f"{WORDS[settings.activity]} “{activity.title}” for {assignee.name if assignee else 'nobody'}"
        return base.done(words, made_id=activity.id)

    def reverse(self, step: Step, settings: CreateTaskSettings) -> Reversal:
        activity = db.session.get(Activity, step.made_id or 0)
        if activity is None or activity.deleted_at is not None:
            return base.NOTHING
        words = f"{WORDS[activity.kind]} “{activity.title}”"
        if activity.is_done:
            return Reversal(remains=f"The {words} was done already.")
        activities.drop(activity, by=None, via=Via.UNDO, because=step.run.event)
        return Reversal(taken_back=f"the {words} was dropped")


def _create(settings: CreateTaskSettings, title: str) -> str:
    assignee = db.session.get(User, settings.assignee_id) if settings.assignee_id else None
    for_whom = f" for {assignee.name}" if assignee else ""
    return f"create the {WORDS[settings.activity]} “{title}”{for_whom}"


def _assignee(settings: CreateTaskSettings, opportunity: Opportunity) -> User | None:
    chosen = db.session.get(User, settings.assignee_id) if settings.assignee_id else None
    return chosen if chosen and chosen.is_active else opportunity.owner


def _due(days: int | None) -> str:
    if days is None:
        return ""
    return {0: ", due the same day", 1: ", due the day after"}.get(days, f", due {days} days later")
