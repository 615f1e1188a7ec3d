"""What automations do: a fact sets some of them off, each a run of steps, and each step is taken when it is due.

A run is made once for an automation and an event, and its steps keep the settings they began with.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from pipeline import clock
from pipeline.domain import actions, events, outbox, steps
from pipeline.domain.actions import Ending
from pipeline.domain.facts import OpportunityMoved
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import Action, Automation, DelayUnit, Run, Step, StepState, TriggerKind
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import PromiseState

TAKE_STEP = "automation.take_step"


def react_to(event: Event) -> list[Run]:
    """Start a run of every automation that the event sets off. Reacting again to the same event starts nothing."""
    opportunity = db.session.get(Opportunity, event.opportunity_id) if event.opportunity_id else None
    if opportunity is None or opportunity.deleted_at is not None:
        return []
    begun = set(db.session.scalars(select(Run.automation_id).where(Run.event_id == event.id)))
    return [start(automation, event, opportunity) for automation in set_off_by(event) if automation.id not in begun]


def set_off_by(event: Event) -> Iterator[Automation]:
    """The automations whose trigger the event is: moved from, moved to, or from one to another."""
    fact = events.fact_of(event)
    if not isinstance(fact, OpportunityMoved):
        return
    for automation in db.session.scalars(
        select(Automation)
        .where(Automation.trigger == TriggerKind.STAGE_MOVE, Automation.pipeline_id == fact.pipeline_id)
        .where(Automation.is_on, Automation.archived_at.is_(None))
        .where(or_(Automation.source_id.is_(None), Automation.source_id == fact.source_id))
        .where(or_(Automation.target_id.is_(None), Automation.target_id == fact.target_id))
        .order_by(Automation.id)
    ):
        if not automation.only_by_person or Via(event.via).is_by_person:
            yield automation


def start(automation: Automation, event: Event, opportunity: Opportunity) -> Run:
    """One run: a step for each action, each promised for its time."""
    run = Run(
        automation=automation, version=automation.version, event=event, opportunity=opportunity, started_at=clock.now()
    )
    zone = ZoneInfo(opportunity.owner.time_zone if opportunity.owner else "UTC")
    run.steps = [_step(action, event.happened_at, zone) for action in automation.actions]
    db.session.add(run)
    db.session.flush()
    for step in run.steps:
        step.message = outbox.put(TAKE_STEP, due_at=step.due_at, about=event, step_id=step.id)
    return run


def due_after(moment: datetime, delay: int, unit: DelayUnit, zone: ZoneInfo) -> datetime:
    """Minutes and hours by the clock; days by the calendar: the same time of day, whatever daylight saving does."""
    if unit is DelayUnit.DAYS:
        return (moment.astimezone(zone) + timedelta(days=delay)).astimezone(UTC)
    return moment + timedelta(**{unit.value: delay})


def take_step(step_id: int) -> None:
    """Do what the step is for, if that is still wanted. A broken rule fails the step and undoes what it did."""
    step = steps.in_hand(Step.id == step_id)
    if step is None or step.state is not StepState.WAITING:
        return
    if step.run.opportunity.deleted_at is not None:
        steps.settle(step, StepState.CANCELLED, "the opportunity was deleted")
        return
    ending = _performed(step)
    if ending is not None:
        steps.settle(step, ending.state, ending.receipt)


def note_failure(state: PromiseState, remark: str, step_id: int) -> None:
    """A step that stumbled says so; one that stumbled too often has failed."""
    step = db.session.get_one(Step, step_id)
    if state is PromiseState.WAITING:
        step.receipt = remark
    else:
        steps.settle(step, StepState.FAILED, remark)


def _performed(step: Step) -> Ending | None:
    kind = actions.of_kind(step.kind)
    try:
        with db.session.begin_nested():
            return kind.perform(step, kind.Settings.model_validate(step.settings))
    except RuleBroken as broken:
        return Ending(StepState.FAILED, broken.message)


def _step(action: Action, moment: datetime, zone: ZoneInfo) -> Step:
    kind = actions.of_kind(action.kind)
    return Step(
        position=action.position,
        kind=action.kind,
        settings=action.settings,
        description=kind.describe(kind.Settings.model_validate(action.settings))[:300],
        due_at=due_after(moment, action.delay, action.delay_unit, zone),
        state=StepState.WAITING,
    )
