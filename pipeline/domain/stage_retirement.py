"""Retiring a stage: its opportunities go to another, its automations follow or stop, and history keeps its name.

The system moves them, so nothing is set off, nothing is asked but a reason, and only what is open takes on the
meaning of a won or lost target; what was closed stays as it was closed.
"""

from enum import StrEnum

from sqlalchemy import func, or_, select

from pipeline import clock
from pipeline.domain import events, ordering, readiness, stages, transfers
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.readiness import NONE, Answers
from pipeline.domain.rules import RuleBroken
from pipeline.domain.setup_facts import StageRetired
from pipeline.extensions import db
from pipeline.models.automation import Automation
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Stage
from pipeline.models.user import User

CONTRARY = {Outcome.WON: Status.LOST, Outcome.LOST: Status.WON}


class Fate(StrEnum):
    """What becomes of the automations that name a retired stage."""

    FOLLOW = "follow"
    SWITCH_OFF = "switch_off"


def retire(
    stage: Stage, target: Stage | None, *, by: User | None, answers: Answers = NONE, fate: Fate = Fate.SWITCH_OFF
) -> int:
    """Take a stage out of use and put its opportunities into the target, in their order; says how many those were.

    An empty stage needs no target. Refuses to put won opportunities where deals are lost and the other way round, and
    a won or lost target without the reason it requires, which all that are open then get.
    """
    stages.take(stage, by=by)
    moved = _in(stage)
    if target is None and moved:
        raise RuleBroken(_needs_target(stage, moved))
    if target is not None:
        _refuse_target(stage, target, answers)
        reason = readiness.chosen_reason(stage.pipeline, target.outcome, answers)
        moved = transfers.carry_over(stage, target, reason=reason, note=answers.note)
    for automation in touching(stage):
        _turn(automation, stage, target, fate, by=by)
    stage.retired_at = clock.now()
    pipeline = stage.pipeline
    if pipeline.default_stage is stage:
        pipeline.default_stage = target if target is not None and target.outcome is None else None
    ordering.close_ranks(pipeline.stages)
    _write_down(stage, target, moved, by)
    return moved


def touching(stage: Stage) -> list[Automation]:
    """The automations in use that name the stage, by name."""
    named = or_(Automation.source_id == stage.id, Automation.target_id == stage.id)
    in_use = select(Automation).where(named, Automation.archived_at.is_(None)).order_by(Automation.name, Automation.id)
    return list(db.session.scalars(in_use))


def _in(stage: Stage) -> int:
    return db.session.scalar(select(func.count(Opportunity.id)).where(Opportunity.stage_id == stage.id)) or 0


def _needs_target(stage: Stage, count: int) -> str:
    holds = f"{stage.name} holds {'1 opportunity' if count == 1 else f'{count} opportunities'}"
    if stage.pipeline.stages == [stage]:
        return f"{holds} and is the last stage; add another stage to put them in first."
    return f"{holds}; choose the stage they go to."


def _refuse_target(stage: Stage, target: Stage, answers: Answers) -> None:
    if target is stage or target not in stage.pipeline.stages:
        raise RuleBroken("Choose another stage of this pipeline for its opportunities to go to.")
    if target.outcome is None:
        return
    contrary = CONTRARY[target.outcome]
    if count := _with_status(stage, contrary):
        raise RuleBroken(
            f"{count} of the opportunities in {stage.name} {'is' if count == 1 else 'are'} {contrary} and cannot go to "
            f"{target.name}. Choose another stage."
        )
    chosen = readiness.chosen_reason(stage.pipeline, target.outcome, answers)
    if chosen is None and stage.pipeline.requires_reason(target.outcome) and _with_status(stage, Status.OPEN):
        raise RuleBroken(f"Choose the reason that all open opportunities get when they go to {target.name}.")


def _with_status(stage: Stage, status: Status) -> int:
    of_status = select(func.count(Opportunity.id)).where(Opportunity.stage_id == stage.id, Opportunity.status == status)
    return db.session.scalar(of_status) or 0


def _turn(automation: Automation, stage: Stage, target: Stage | None, fate: Fate, *, by: User | None) -> None:
    """Point it at the target, unless it would then watch for a move from a stage into itself; else switch it off."""
    sides = [target if side is stage else side for side in (automation.source, automation.target)]
    follows = fate is Fate.FOLLOW and target is not None and sides[0] is not sides[1]
    if follows and target is not None:
        automation.source, automation.target = sides
        automation.note = f"{stage.name} was retired: this now watches {target.name} instead."
        made = [Change(field="stage", before=stage.name, after=target.name)]
    else:
        made = [Change(field="is_on", before="yes", after="no")] if automation.is_on else []
        automation.is_on = False
        automation.note = f"Switched off: {stage.name} was retired. Choose another stage before you switch it on."
    automation.version += 1
    events.record(SettingChanged(what=f"the automation {automation.name}", changes=made), about=automation, by=by)


def _write_down(stage: Stage, target: Stage | None, moved: int, by: User | None) -> None:
    fact = StageRetired(
        stage_id=stage.id,
        stage=stage.name,
        pipeline=stage.pipeline.name,
        target_id=target.id if target else None,
        target=target.name if target else "",
        moved=moved,
    )
    events.record(fact, about=stage, by=by)
