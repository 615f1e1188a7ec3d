"""What is to be done about an opportunity, and what was: plan, change, complete, log a call."""

from datetime import date, time

from pipeline import clock
from pipeline.domain import access, changes, days, events, planning
from pipeline.domain.facts import (
    ActivityChanged,
    ActivityDone,
    ActivityDropped,
    ActivityPlanned,
    ActivityReopened,
    CallLogged,
)
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity, ActivityKind, Priority
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

CHANGEABLE = {"kind", "title", "notes", "priority", "assignee", "due_on", "due_at"}
LONGEST = 200
CALL_OUTCOMES = ("Qualified", "Not ready", "Not interested", "No answer", "Left voicemail")


def plan(
    opportunity: Opportunity,
    title: str,
    *,
    by: User | None,
    kind: ActivityKind = ActivityKind.TODO,
    assignee: User | None = None,
    due_on: date | None = None,
    due_at: time | None = None,
    notes: str = "",
    priority: Priority = Priority.NORMAL,
    via: Via = Via.RECORD,
    because: Event | None = None,
) -> Activity:
    """Something to do, for the assignee, else the owner, else its maker. Due on a day in the assignee's zone.

    Refuses a time without a day, and an assignee who cannot sign in any more.
    """
    access.refuse_unless_editable(opportunity, by=by)
    planning.refuse_hour_without_day(due_on, due_at)
    days.refuse_mistyped(due_on)
    activity = Activity(
        kind=kind,
        title=titled(title),
        notes=notes.strip(),
        priority=priority,
        opportunity=opportunity,
        contact_id=opportunity.contact_id,
        assignee=_assignable(assignee or opportunity.owner or by),
        due_on=due_on,
        due_at=due_at,
        outcome="",
        created_at=clock.now(),
        created_by_id=by.id if by else None,
    )
    db.session.add(activity)
    planning.keep(opportunity)
    fact = ActivityPlanned(
        activity_id=activity.id,
        activity=kind,
        title=activity.title,
        due_on=due_on.isoformat() if due_on else "",
        assignee=activity.assignee.name if activity.assignee else "",
    )
    events.record(fact, about=activity, by=by, via=via, because=because)
    return activity


def change(
    activity: Activity, *, by: User | None, seen_version: int | None = None, via: Via = Via.RECORD, **values: object
) -> None:
    """Change some of the `CHANGEABLE` fields of something not done yet.

    A field that someone else changed since `seen_version` is a conflict; different fields merge. With its day goes its
    time, unless another is given: that needs a day.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    _take(activity, by)
    if activity.is_done:
        raise RuleBroken("It is done already; reopen it to change it.")
    if "title" in values:
        values["title"] = titled(str(values["title"]))
    if "due_on" in values and values["due_on"] is None:
        values.setdefault("due_at", None)
    made = changes.between(activity, values)
    if not made:
        return
    changes.refuse_if_overtaken(activity, seen_version, [change.field for change in made], told_by=ActivityChanged)
    activity.version += 1
    for change in made:
        setattr(activity, change.field, values[change.field])
    _assignable(activity.assignee)
    planning.refuse_hour_without_day(activity.due_on, activity.due_at)
    days.refuse_mistyped(activity.due_on)
    planning.keep(activity.opportunity)
    fact = ActivityChanged(activity_id=activity.id, title=activity.title, changes=made, version=activity.version)
    events.record(fact, about=activity, by=by, via=via)


def complete(activity: Activity, *, by: User | None, outcome: str = "", via: Via = Via.RECORD) -> None:
    """Tick it off. Completing twice changes nothing."""
    _take(activity, by)
    if activity.is_done:
        return
    activity.done_at = clock.now()
    activity.done_by_id = by.id if by else None
    activity.outcome = outcome.strip()[:LONGEST]
    planning.keep(activity.opportunity)
    fact = ActivityDone(activity_id=activity.id, activity=activity.kind, title=activity.title, outcome=activity.outcome)
    events.record(fact, about=activity, by=by, via=via)


def reopen(activity: Activity, *, by: User | None) -> None:
    """It was not done after all."""
    _take(activity, by)
    if not activity.is_done:
        return
    activity.done_at = None
    activity.done_by_id = None
    activity.outcome = ""
    planning.keep(activity.opportunity)
    events.record(ActivityReopened(activity_id=activity.id, title=activity.title), about=activity, by=by)


def drop(activity: Activity, *, by: User | None, via: Via = Via.SCREEN, because: Event | None = None) -> None:
    """It is not to be done any more."""
    _take(activity, by)
    activity.deleted_at = clock.now()
    planning.keep(activity.opportunity)
    fact = ActivityDropped(activity_id=activity.id, title=activity.title)
    events.record(fact, about=activity, by=by, via=via, because=because)


def log_call(
    opportunity: Opportunity, outcome: str, *, by: User | None, notes: str = "", via: Via = Via.RECORD
) -> Activity:
    """A call that was made: done at once, with what came of it."""
    access.refuse_unless_editable(opportunity, by=by)
    outcome = outcome.strip()[:LONGEST]
    if not outcome:
        raise RuleBroken("Say what came of the call, for example “Left voicemail”.")
    present = clock.now()
    call = Activity(
        kind=ActivityKind.CALL,
        title="Call",
        notes=notes.strip(),
        opportunity=opportunity,
        contact_id=opportunity.contact_id,
        assignee=by,
        outcome=outcome,
        created_at=present,
        created_by_id=by.id if by else None,
        done_at=present,
        done_by_id=by.id if by else None,
    )
    db.session.add(call)
    db.session.flush()
    fact = CallLogged(activity_id=call.id, outcome=outcome, notes=call.notes)
    events.record(fact, about=call, by=by, via=via)
    return call


def titled(title: str) -> str:
    """The title as it is kept. Refuses none, and one that is too long."""
    title = " ".join(title.split())
    if not title:
        raise RuleBroken("A task needs a title.")
    if len(title) > LONGEST:
        raise RuleBroken(f"The title of a task has at most {LONGEST} letters.")
    return title


def _take(activity: Activity, by: User | None) -> None:
    db.session.flush()
    db.session.refresh(activity, with_for_update={"of": Activity})
    if activity.deleted_at is not None:
        raise RuleBroken("That task was dropped meanwhile.")
    refuse_unless_theirs(activity, by=by)


def refuse_unless_theirs(activity: Activity, *, by: User | None) -> None:
    """Whoever is to do it works on a task, and whoever may edit the deal that it is about."""
    if by is None or activity.assignee_id == by.id:
        return
    if activity.opportunity is None:
        raise NotAllowed("That task is someone else's.")
    access.refuse_unless_editable(activity.opportunity, by=by)


def _assignable(assignee: User | None) -> User | None:
    if assignee is not None and not assignee.is_active:
        raise RuleBroken(f"{assignee.name} cannot sign in any more; choose someone else for the task.")
    return assignee
