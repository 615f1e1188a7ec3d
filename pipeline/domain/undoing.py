"""Taking back a move or a change of status, with all that followed from it and has not left the house."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update

from pipeline import clock
from pipeline.domain import access, actions, checklists, events, outbox, stage_history, steps, times, undoables
from pipeline.domain.facts import MoveUndone, OpportunityMoved, StatusChanged
from pipeline.domain.holding import hold, hold_place
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import Run, Step, StepState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Stage
from pipeline.models.undo import Undoable
from pipeline.models.user import User

CHANGES = (OpportunityMoved.kind(), StatusChanged.kind())


@dataclass(frozen=True)
class Undone:
    """What came of it: where it stands again, what was taken back, and what `left` names as done for good."""

    stage: str
    is_news: bool
    taken_back: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def undo(opportunity: Opportunity, change_id: int | None = None, *, by: User, however_late: bool = False) -> Undone:
    """Put back what this person last did to its stage or status, or their change of that number.

    Stage, status, reason, place, times and ticks become what they were; promises, runs and steps that followed are
    cancelled, and what they did inside the house is reversed. Nothing follows from undoing. A second time it does
    nothing. Refuses whoever did not make the change, one made too long ago (unless the caller keeps a window of its own
    and says `however_late`), and one that somebody changed again.
    """
    change = _change(opportunity, change_id, by)
    if change.undone_at is not None:
        return Undone(change.before.stage, is_news=False)
    _refuse_another(change, by)
    if not however_late:
        _refuse_late(change)
    hold_place(opportunity.stage)
    known = _quieten(change.after.event_ids)
    hold(opportunity)
    _refuse_if_changed_again(opportunity, change, known)
    _refuse_without_stage(change)
    if not _claimed(change):
        return Undone(change.before.stage, is_news=False)
    taken_back, left = _reverse_steps(known, by)
    _put_back(opportunity, change, by)
    fact = MoveUndone(
        source=change.after.stage,
        target=change.before.stage,
        before=change.after.status,
        after=change.before.status,
        taken_back=taken_back,
        left=left,
    )
    events.record(fact, about=opportunity, by=by, via=Via.UNDO)
    return Undone(change.before.stage, is_news=True, taken_back=tuple(taken_back), left=tuple(left))


def _change(opportunity: Opportunity, change_id: int | None, by: User) -> Undoable:
    found = db.session.get(Undoable, change_id) if change_id else undoables.last_of(opportunity, by=by)
    if found is not None and found.opportunity_id != opportunity.id:
        raise NotVisible("change")
    if not access.may_see(by, opportunity):
        raise NotVisible("opportunity")
    if found is None:
        raise RuleBroken(f"There is nothing of yours to undo on {opportunity.title}.")
    return found


def _refuse_another(change: Undoable, by: User) -> None:
    if change.person_id != by.id:
        raise NotAllowed(f"Only {change.person.name}, who did it, can undo it.")


def _refuse_late(change: Undoable) -> None:
    if clock.now() > change.until:
        back = "set its status again" if change.before.stage_id == change.after.stage_id else "move it back by hand"
        seconds = round(undoables.window().total_seconds())
        raise RuleBroken(
            f"It is too late to undo that: {seconds} seconds are over. It was in {change.before.stage} and "
            f"{change.before.status}; to have that again, {back}."
        )


def _quieten(event_ids: Collection[int]) -> set[int]:
    """Cancel what is promised for these events and for those they led to; says which events they all are.

    Its rows are taken before the opportunity's, as the workers do. What a worker is doing at this moment is waited for,
    and may have promised more: so it goes on until there is no more.
    """
    known, cancelled = set(event_ids), True
    while cancelled:
        cancelled = outbox.cancel_all(OutboxMessage.event_id.in_(known))
        caused = set(db.session.scalars(select(Event.id).where(Event.cause_id.in_(known)))) - known
        known |= caused
        cancelled = cancelled or bool(caused)
    return known


def _refuse_if_changed_again(opportunity: Opportunity, change: Undoable, known: Collection[int]) -> None:
    """What was changed later and undone since does not count; nor what followed from the change itself."""
    undone = select(Undoable).where(Undoable.opportunity_id == opportunity.id, Undoable.undone_at.is_not(None))
    settled = {id_ for each in db.session.scalars(undone) for id_ in each.after.event_ids}
    later = db.session.scalars(
        select(Event)
        .where(Event.opportunity_id == opportunity.id, Event.kind.in_(CHANGES))
        .where(Event.id > max(change.after.event_ids), Event.id.not_in(settled | set(known)))
        .order_by(Event.id)
        .limit(1)
    ).first()
    if later is None:
        return
    fact, who = events.fact_of(later), later.actor.name if later.actor else "Automation"
    did = f"moved it to {fact.target}" if isinstance(fact, OpportunityMoved) else "changed its status"
    words = f"{who} {did} at {times.at(later.happened_at, opportunity.owner)}, after you. Nothing was undone."
    raise Conflict(words, opportunity, later.happened_at)


def _refuse_without_stage(change: Undoable) -> None:
    if db.session.get_one(Stage, change.before.stage_id).retired_at is not None:
        raise RuleBroken(f"The stage {change.before.stage} was retired meanwhile; nothing was undone.")


def _claimed(change: Undoable) -> bool:
    """Of two who undo the same at once, one does."""
    taken = db.session.scalar(
        update(Undoable)
        .where(Undoable.id == change.id, Undoable.undone_at.is_(None))
        .values(undone_at=clock.now())
        .returning(Undoable.id)
    )
    return taken is not None


def _reverse_steps(known: Collection[int], by: User) -> tuple[list[str], list[str]]:
    taken_back: list[str] = []
    left: list[str] = []
    found = select(Step).join(Step.run).where(Run.event_id.in_(known)).order_by(Step.id.desc())
    for step in db.session.scalars(found.execution_options(populate_existing=True)).all():
        if step.state is StepState.WAITING:
            steps.settle(step, StepState.CANCELLED, f"undone by {by.name}", by=by)
            taken_back.append(step.description)
        elif step.state in {StepState.BEGUN, StepState.DONE, StepState.UNKNOWN}:
            _reverse(step, by, taken_back, left)
    return taken_back, left


def _reverse(step: Step, by: User, taken_back: list[str], left: list[str]) -> None:
    kind = actions.of_kind(step.kind)
    reversal = kind.reverse(step, kind.Settings.model_validate(step.settings))
    if reversal.remains:
        left.append(reversal.remains)
        return
    if reversal.taken_back or step.state is StepState.BEGUN:
        receipt = f"undone by {by.name}" + (f": {reversal.taken_back}" if reversal.taken_back else "")
        steps.settle(step, StepState.CANCELLED, receipt, by=by)
        taken_back.append(reversal.taken_back or step.description)


def _put_back(opportunity: Opportunity, change: Undoable, by: User) -> None:
    before, source = change.before, opportunity.stage
    for item_id in change.after.ticks:
        checklists.clear(opportunity, item_id, by=by, via=Via.UNDO)
    opportunity.stage_id = before.stage_id
    opportunity.status = before.status
    opportunity.reason_id, opportunity.reason_note = before.reason_id, before.reason_note
    opportunity.rank = before.rank
    opportunity.entered_stage_at, opportunity.closed_at = before.entered_stage_at, before.closed_at
    opportunity.wake_on, opportunity.woke_on = before.wake_on, before.woke_on
    opportunity.last_contact_at = before.last_contact_at
    opportunity.version += 1
    db.session.flush()
    db.session.expire(opportunity, ["stage", "reason"])
    if before.stage_id != change.after.stage_id:
        line = stage_history.line(opportunity, source, at=clock.now(), by=by, via=Via.UNDO)
        stage_history.write(opportunity, line)
