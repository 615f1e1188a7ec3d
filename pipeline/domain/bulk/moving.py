"""Moving many to a stage, or closing them, with the answers given once for all."""

from typing import Any

from pipeline import clock
from pipeline.domain import moves, undoables, undoing
from pipeline.domain.bulk import base
from pipeline.domain.bulk.base import Before
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Reason, Stage
from pipeline.models.user import User

LONGEST_NOTE = 2000


class AnsweringArguments(base.Arguments):
    """A reason for each pipeline that has reasons, items ticked for all, and one note."""

    reason_ids: frozenset[int] = frozenset()
    ticks: frozenset[int] = frozenset()
    note: str = ""


class MoveArguments(AnsweringArguments):
    stage_id: int


class StatusArguments(AnsweringArguments):
    status: Status


class Undoably(base.Change):
    """Each is remembered by itself, with what it set off, and taken back like a single one."""

    def trace(self, opportunity: Opportunity, *, by: User) -> Before:
        made = undoables.last_of(opportunity, by=by)
        return {"change_id": made.id} if made and made.until > clock.now() else {}

    def put_back(self, opportunity: Opportunity, arguments: Any, before: Before, *, by: User, via: Via) -> str | None:
        if "change_id" not in before:
            raise RuleBroken("Undo is switched off here; move it back by hand.")
        undone = undoing.undo(opportunity, before["change_id"], by=by, however_late=True)
        return f"Done for good: {'; '.join(undone.left)}." if undone.left else None


class Move(Undoably):
    verb = BulkVerb.MOVE
    past = "moved"
    Arguments = MoveArguments

    def describe(self, arguments: MoveArguments) -> str:
        return f"Move to {_stage(arguments).name}"

    def do(self, opportunity: Opportunity, arguments: MoveArguments, *, by: User, via: Via) -> None:
        stage = _stage(arguments)
        answers = _answers(arguments, opportunity, stage.outcome)
        moves.move(opportunity, stage, by=by, answers=answers, via=via)


class SetStatus(Undoably):
    verb = BulkVerb.SET_STATUS
    past = "changed"
    Arguments = StatusArguments

    def describe(self, arguments: StatusArguments) -> str:
        return "Open again" if arguments.status is Status.OPEN else f"Close as {arguments.status}"

    def do(self, opportunity: Opportunity, arguments: StatusArguments, *, by: User, via: Via) -> None:
        outcome = {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST}.get(arguments.status)
        answers = _answers(arguments, opportunity, outcome)
        moves.set_status(opportunity, arguments.status, by=by, answers=answers, via=via)


def _stage(arguments: Any) -> Stage:
    stage = db.session.get(Stage, arguments.stage_id)
    if stage is None:
        raise RuleBroken("Choose the stage they are to go to.")
    return stage


def _answers(arguments: AnsweringArguments, opportunity: Opportunity, outcome: Outcome | None) -> Answers:
    """What of it all concerns this one: the reason that its own pipeline offers."""
    offered = opportunity.pipeline.reasons(outcome) if outcome else []
    return Answers(_first(offered, arguments.reason_ids), arguments.note, arguments.ticks)


def _first(offered: list[Reason], chosen: frozenset[int]) -> int | None:
    return next((reason.id for reason in offered if reason.id in chosen), None)
