"""Deals at rest, parked or lost, that ask for attention again on a day."""

from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import access, changes, days, events, outbox
from pipeline.domain.facts import OpportunityChanged
from pipeline.domain.holding import hold, hold_all_places
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.domain.waking_facts import OpportunityWoke
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Stage, StageKind
from pipeline.models.user import User

TASK = "waking.wake_the_due"
AT_ONCE = 500
RESTING = (StageKind.PARKED, StageKind.LOST)


def wake_on(
    opportunity: Opportunity,
    day: date | None,
    *,
    by: User | None,
    seen_version: int | None = None,
    via: Via = Via.RECORD,
    because: Event | None = None,
) -> None:
    """Let it rest until a day, on which its owner is told; None takes that back. The same day again changes nothing.

    Refuses a day that is not to come, a won deal, and a day that someone else set since `seen_version`.
    """
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    opportunity.woke_on = None
    made = changes.between(opportunity, {"wake_on": day})
    if not made:
        return
    changes.refuse_if_changed_since(opportunity, seen_version, ["wake_on"])
    if day is not None and opportunity.status is Status.WON:
        raise RuleBroken("It is won; there is nothing to wake it for.")
    refuse_past(day, opportunity, by=by)
    days.refuse_mistyped(day)
    opportunity.wake_on = day
    opportunity.version += 1
    fact = OpportunityChanged(version=opportunity.version, changes=made)
    events.record(fact, about=opportunity, by=by, via=via, because=because)


def let_be(opportunity: Opportunity, *, by: User | None) -> None:
    """It woke, and was seen to: nothing is to be done about it now."""
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    opportunity.woke_on = None


def on_coming_to(stage: Stage, chosen: date | None) -> date | None:
    """The wake-up day of a deal that comes to a stage: as chosen where deals rest, none where they are worked on."""
    return chosen if stage.kind in RESTING else None


def refuse_past(day: date | None, opportunity: Opportunity, *, by: User | None) -> None:
    """A wake-up day is to come, by the calendar of whoever says it."""
    if day is not None and day <= clock.today(by or opportunity.owner):
        raise RuleBroken("Choose a day to come; it can wake tomorrow at the earliest.")


def wake_the_due() -> None:
    """Wake the deals whose day has begun where their owners are, each once, however many do this at once.

    When they are very many, the workers go on with the rest at once.
    """
    resting = (
        select(Opportunity.id, Opportunity.wake_on, User.time_zone)
        .outerjoin(User, User.id == Opportunity.owner_id)
        .where(Opportunity.wake_on <= clock.today() + timedelta(days=1), Opportunity.deleted_at.is_(None))
        .order_by(Opportunity.wake_on, Opportunity.id)
    )
    rows = db.session.execute(resting)
    due = [(number, day) for number, day, zone in rows if day and day <= clock.today_in(zone or "UTC")]
    hold_all_places()
    for opportunity_id, day in sorted(due[:AT_ONCE]):
        _wake(opportunity_id, day)
    if len(due) > AT_ONCE:
        outbox.put(TASK)


def _wake(opportunity_id: int, day: date) -> None:
    woken = db.session.execute(
        update(Opportunity)
        .where(Opportunity.id == opportunity_id, Opportunity.wake_on == day, Opportunity.deleted_at.is_(None))
        .values(wake_on=None, woke_on=day, version=Opportunity.version + 1)
        .returning(Opportunity.id)
        .execution_options(synchronize_session=False)
    )
    if woken.scalar() is None:
        return
    opportunity = db.session.scalars(
        select(Opportunity)
        .where(Opportunity.id == opportunity_id)
        .options(joinedload(Opportunity.owner))
        .execution_options(populate_existing=True)
    ).one()
    fact = OpportunityWoke(day=day.isoformat(), title=opportunity.title)
    events.record(fact, about=opportunity, by=None, via=Via.AUTOMATION)
