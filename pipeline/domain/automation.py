"""What automations do: a fact sets some of them off, each a run of steps, and each step is taken when it is due.

A run is made once for an automation and an event, and its steps keep the settings they began with.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from pipeline import clock
from pipeline.domain import actions, events, outbox, steps, times, undoables
from pipeline.domain.actions import Ending
from pipeline.domain.buying_facts import BuyLinkClicked, BuyLinkExpired, OpportunityPurchased
from pipeline.domain.facts import Fact, OpportunityMoved
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import Action, Automation, DelayUnit, Run, Step, StepState, TriggerKind
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import PromiseState
from pipeline.models.pipeline import Stage

TAKE_STEP = "automation.take_step"
TRIGGERS: dict[type[Fact], TriggerKind] = {
    BuyLinkClicked: TriggerKind.BUY_CLICKED,
    OpportunityPurchased: TriggerKind.PURCHASED,
    BuyLinkExpired: TriggerKind.BUY_EXPIRED,
}
"""The facts besides moves that set automations off."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one action would do, and when."""

    action_id: int
    automation: str
    sentence: str
    due_at: datetime


def react_to(event: Event) -> list[Run]:
    """Start a run of every automation that the event sets off. Reacting again to the same event starts nothing."""
    opportunity = db.session.get(Opportunity, event.opportunity_id) if event.opportunity_id else None
    if opportunity is None or opportunity.deleted_at is not None:
        return []
    skips = _skips(event)
    begun = set(db.session.scalars(select(Run.automation_id).where(Run.event_id == event.id)))
    news = [automation for automation in set_off_by(event) if automation.id not in begun]
    return [start(automation, event, opportunity, skips=skips) for automation in news]


def set_off_by(event: Event) -> Iterator[Automation]:
    """The automations whose trigger the event is: moved from, to, or between; or what came of a buy-now link."""
    fact = events.fact_of(event)
    if isinstance(fact, OpportunityMoved):
        yield from _set_off_by_move(fact, Via(event.via))
    elif kind := TRIGGERS.get(type(fact)):
        opportunity = db.session.get_one(Opportunity, event.opportunity_id)
        yield from db.session.scalars(_in_use(kind, opportunity.pipeline_id))


def foreseen(opportunity: Opportunity, to: Stage) -> list[Foreseen]:
    """What would follow if a person moved it there now. Reads only."""
    return foreseen_everywhere(opportunity, [to])[to.id]


def foreseen_everywhere(opportunity: Opportunity, stages: Sequence[Stage]) -> dict[int, list[Foreseen]]:
    """The same for several stages, by the id of each."""
    leaving = _leaving(opportunity.pipeline_id, opportunity.stage_id).options(selectinload(Automation.actions))
    automations = db.session.scalars(leaving).all()
    lasts = undoables.window()
    return {
        stage.id: [
            _foreseen(action, opportunity, lasts)
            for automation in automations
            if stage.id != opportunity.stage_id and automation.target_id in {None, stage.id}
            for action in automation.actions
        ]
        for stage in stages
    }


def start(
    automation: Automation, event: Event, opportunity: Opportunity, *, skips: Collection[int] = frozenset()
) -> Run:
    """One run: a step for each action, each promised for its time. Those that were to be skipped say so at once."""
    run = Run(
        automation=automation, version=automation.version, event=event, opportunity=opportunity, started_at=clock.now()
    )
    held = undoables.held_until(event)
    run.steps = [_step(action, opportunity, event.happened_at, held) for action in automation.actions]
    db.session.add(run)
    db.session.flush()
    for step, action in zip(run.steps, automation.actions, strict=True):
        if action.id in skips:
            who = event.actor.name if event.actor else "whoever moved it"
            steps.settle(step, StepState.SKIPPED, f"skipped by {who} this once", by=event.actor)
        else:
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
        step.made_id = ending.made_id
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


def _set_off_by_move(fact: OpportunityMoved, via: Via) -> Iterator[Automation]:
    there = or_(Automation.target_id.is_(None), Automation.target_id == fact.target_id)
    for automation in db.session.scalars(_leaving(fact.pipeline_id, fact.source_id).where(there)):
        if not automation.only_by_person or via.is_by_person:
            yield automation


def _leaving(pipeline_id: int, source_id: int) -> Select[Automation]:
    """The automations in use that a move out of this stage may set off, wherever it goes."""
    from_here = or_(Automation.source_id.is_(None), Automation.source_id == source_id)
    return _in_use(TriggerKind.STAGE_MOVE, pipeline_id).where(from_here)


def _in_use(kind: TriggerKind, pipeline_id: int) -> Select[Automation]:
    return (
        select(Automation)
        .where(Automation.trigger == kind, Automation.pipeline_id == pipeline_id)
        .where(Automation.is_on, Automation.archived_at.is_(None))
        .order_by(Automation.id)
    )


def _foreseen(action: Action, opportunity: Opportunity, lasts: timedelta) -> Foreseen:
    kind = actions.of_kind(action.kind)
    due_at = due_after(clock.now(), action.delay, action.delay_unit, _zone_of(opportunity))
    if kind.leaves_the_house:
        due_at = max(due_at, clock.now() + lasts)
    sentence = kind.foresee(kind.Settings.model_validate(action.settings), opportunity, due_at)
    when = f", {times.moment(due_at, None, opportunity.owner)}" if action.delay and not kind.says_when else ""
    return Foreseen(action.id, action.automation.name, sentence + when, due_at)


def _skips(event: Event) -> Collection[int]:
    fact = events.fact_of(event)
    return fact.skipped if isinstance(fact, OpportunityMoved) else ()


def _zone_of(opportunity: Opportunity) -> ZoneInfo:
    return ZoneInfo(opportunity.owner.time_zone if opportunity.owner else "UTC")


def _step(action: Action, opportunity: Opportunity, moment: datetime, held: datetime | None) -> Step:
    kind, zone = actions.of_kind(action.kind), _zone_of(opportunity)
    due_at = due_after(moment, action.delay, action.delay_unit, zone)
    waits = held is not None and kind.leaves_the_house and due_at < held
    return Step(
        position=action.position,
        kind=action.kind,
        settings=action.settings,
        description=kind.promise(kind.Settings.model_validate(action.settings), opportunity)[:300],
        due_at=held if waits else due_at,
        held_until=held if waits else None,
        receipt="waits a moment so that it can be undone" if waits else None,
        state=StepState.WAITING,
    )
