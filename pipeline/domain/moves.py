"""Moving an opportunity: the one way, whoever asks, by whichever entry point."""

from pipeline import clock
from pipeline.domain import access, checklists, events, placing, readiness, stage_history, undoables, waking
from pipeline.domain.facts import OpportunityMoved, StatusChanged
from pipeline.domain.holding import hold, hold_place
from pipeline.domain.readiness import NONE, Answers
from pipeline.domain.rules import Conflict, RuleBroken
from pipeline.domain.undoables import Kept
from pipeline.domain.via import Via
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Stage, StageKind
from pipeline.models.user import User

ENDINGS = {StageKind.WON: Status.WON, StageKind.LOST: Status.LOST}


def move(
    opportunity: Opportunity,
    to: Stage,
    *,
    by: User | None,
    answers: Answers = NONE,
    via: Via = Via.MENU,
    seen_version: int | None = None,
    after_id: int | None = None,
    highest: str | None = None,
    because: Event | None = None,
) -> Kept | None:
    """Put the opportunity in another stage and write the move down; below the card `after_id`, else on top.

    Whoever has just read the `highest` rank there says so, for it not to be asked again.

    Refuses a stage of another pipeline or a retired one, a move made since `seen_version`, open required items, and a
    missing required reason. Moving within the stage only places the card (`after_id` 0 is its top); moving nowhere does
    nothing, however often it is asked. What a person may take back again is returned.
    """
    hold_place(to)
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    if to.pipeline_id != opportunity.pipeline_id or to.retired_at is not None:
        raise RuleBroken("That stage is not part of this pipeline any more; an admin sets its stages.")
    _refuse_in_archive(opportunity)
    if to is opportunity.stage:
        if after_id is not None:
            opportunity.rank = placing.beside(after_id, to, highest)
        return None
    source, before = opportunity.stage, undoables.standing(opportunity)
    _refuse_if_moved_since(opportunity, seen_version)
    readiness.refuse_unless_ready(opportunity, to, answers, source=source, via=via)
    opportunity.rank = placing.beside(after_id, to, highest)
    made = _tick(opportunity, answers, by, via)
    made += _enter(opportunity, source, to, answers, by=by, via=via, because=because)
    line = stage_history.line(opportunity, source, at=opportunity.entered_stage_at, by=by, via=via)
    return undoables.remember(opportunity, before, made, by=by, via=via, line=line)


def place(opportunity: Opportunity, after_id: int | None, *, by: User | None) -> None:
    """Lay it below another card of its stage, on top for 0, or leave it for none.

    It stands where it stood, so no history tells of it.
    """
    hold_place(opportunity.stage)
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    _refuse_in_archive(opportunity)
    if after_id is not None:
        opportunity.rank = placing.beside(after_id, opportunity.stage)


def set_status(
    opportunity: Opportunity,
    status: Status,
    *,
    by: User | None,
    answers: Answers = NONE,
    via: Via = Via.RECORD,
    seen_version: int | None = None,
    because: Event | None = None,
) -> Kept | None:
    """Won and lost go to the pipeline's stage for it, if there is one; opening again leaves it. Else the card stays."""
    hold_place(opportunity.stage)
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    if status is opportunity.status:
        return None
    _refuse_in_archive(opportunity)
    stage = _stage_for(opportunity, status)
    if stage is not None and stage is not opportunity.stage:
        return move(opportunity, stage, by=by, answers=answers, via=via, seen_version=seen_version, because=because)
    _refuse_if_moved_since(opportunity, seen_version)
    outcome = {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST}.get(status)
    if outcome:
        readiness.refuse_without_reason(opportunity, outcome, answers, via)
    before = undoables.standing(opportunity)
    if outcome is Outcome.LOST:
        waking.refuse_past(answers.wake_on, opportunity, by=by)
        opportunity.wake_on = answers.wake_on
    opportunity.version += 1
    made = _become(opportunity, status, answers, by=by, via=via, because=because)
    return undoables.remember(opportunity, before, [made], by=by, via=via)


def stage_id_at(opportunity: Opportunity, version: int | None) -> int:
    """The stage it stood in when it had this version: where someone who saw that version saw it."""
    seen = [move.target_id for move in opportunity.moves if version is not None and move.version <= version]
    return seen[-1] if seen else opportunity.stage_id


def _enter(
    opportunity: Opportunity,
    source: Stage,
    to: Stage,
    answers: Answers,
    *,
    by: User | None,
    via: Via,
    because: Event | None,
) -> list[Event]:
    present = clock.now()
    wake_on = waking.on_coming_to(to, answers.wake_on)
    waking.refuse_past(wake_on, opportunity, by=by)
    reason = readiness.chosen_reason(opportunity.pipeline, to.outcome, answers)
    fact = OpportunityMoved(
        pipeline_id=opportunity.pipeline_id,
        source_id=source.id,
        source=source.name,
        target_id=to.id,
        target=to.name,
        days=(present - opportunity.entered_stage_at).days,
        reason=reason.text if reason else "",
        note=answers.note,
        wake_on=wake_on.isoformat() if wake_on else "",
        skipped=sorted(answers.skips),
    )
    opportunity.wake_on, opportunity.woke_on = wake_on, None
    opportunity.stage = to
    opportunity.stage_id = to.id
    opportunity.entered_stage_at = present
    opportunity.version += 1
    made = [events.record(fact, about=opportunity, by=by, via=via, because=because)]
    status = _status_in(opportunity, source, to)
    if status is not opportunity.status:
        made.append(_become(opportunity, status, answers, by=by, via=via, because=because))
    return made


def _status_in(opportunity: Opportunity, source: Stage, to: Stage) -> Status:
    """The won and lost stages set their status; leaving one of them for another stage reopens."""
    if to.kind in ENDINGS:
        return ENDINGS[to.kind]
    return Status.OPEN if source.kind in ENDINGS else opportunity.status


def _become(
    opportunity: Opportunity, status: Status, answers: Answers, *, by: User | None, via: Via, because: Event | None
) -> Event:
    before, opportunity.status = opportunity.status, status
    opportunity.closed_at = None if status is Status.OPEN else clock.now()
    opportunity.reason = readiness.chosen_reason(opportunity.pipeline, opportunity.outcome, answers)
    opportunity.reason_note = answers.note if opportunity.outcome else ""
    reason = opportunity.reason.text if opportunity.reason else ""
    fact = StatusChanged(before=before, after=status, reason=reason, note=opportunity.reason_note)
    return events.record(fact, about=opportunity, by=by, via=via, because=because)


def _stage_for(opportunity: Opportunity, status: Status) -> Stage | None:
    if status is Status.ABANDONED:
        return None
    if status is not Status.OPEN:
        return opportunity.pipeline.stage_of_kind(StageKind(status))
    if opportunity.stage.kind not in ENDINGS:
        return None
    return _stage_before_the_end(opportunity) or opportunity.pipeline.first_stage


def _stage_before_the_end(opportunity: Opportunity) -> Stage | None:
    live = {stage.id: stage for stage in opportunity.pipeline.stages if stage.kind not in ENDINGS}
    return next((live[move.source_id] for move in reversed(opportunity.moves) if move.source_id in live), None)


def _tick(opportunity: Opportunity, answers: Answers, by: User | None, via: Via) -> list[Event]:
    wanted = [item for item in opportunity.stage.checklist if item.id in answers.ticks]
    made = [checklists.tick(opportunity, item, by=by, via=via) for item in wanted]
    return [event for event in made if event is not None]


def _refuse_in_archive(opportunity: Opportunity) -> None:
    if opportunity.pipeline.archived_at is not None:
        raise RuleBroken(f"The pipeline {opportunity.pipeline.name} is archived; an admin can bring it back.")


def _refuse_if_moved_since(opportunity: Opportunity, seen_version: int | None) -> None:
    if seen_version is None or seen_version == opportunity.version:
        return
    last = opportunity.moves[-1] if opportunity.moves else None
    if last is not None and last.version > seen_version:
        who = last.mover.name if last.mover else "Automation"
        words = f"{who} moved it to {last.target_name} meanwhile. Nothing was changed by you."
        raise Conflict(words, opportunity, last.moved_at)
