"""Whether an opportunity is ready for a stage: required items ticked, a reason given where one is required."""

from dataclasses import dataclass
from datetime import date

from pipeline.domain.rules import AnswersNeeded, Questions, RuleBroken
from pipeline.domain.via import Via
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import ChecklistItem, Outcome, Pipeline, Reason, Stage, StageKind


@dataclass(frozen=True)
class Answers:
    """What the person said along with a move: a reason, a note to it, items ticked in the same breath.

    `wake_on` is when a deal that goes to rest, parked or lost, shall ask for attention again; `skips` are the actions
    of automations that shall not follow from it this once.
    """

    reason_id: int | None = None
    note: str = ""
    ticks: frozenset[int] = frozenset()
    wake_on: date | None = None
    skips: frozenset[int] = frozenset()


NONE = Answers()
UNCHECKED = {Via.PURCHASE, Via.AUTOMATION, Via.SYSTEM}


def refuse_unless_ready(
    opportunity: Opportunity, to: Stage, answers: Answers, *, source: Stage | None, via: Via
) -> None:
    """Ask for everything that is missing at once, so that one dialog can."""
    items = [] if via in UNCHECKED else _open_items(opportunity, source, to, answers)
    questions = _questions(opportunity.pipeline, items, to.outcome, answers, via)
    if questions:
        raise AnswersNeeded(_sentence(questions, to), opportunity, to, questions)


def refuse_without_reason(opportunity: Opportunity, outcome: Outcome, answers: Answers, via: Via) -> None:
    """The same for an ending set in place, in a pipeline without a stage for it."""
    questions = _questions(opportunity.pipeline, [], outcome, answers, via)
    if questions:
        raise AnswersNeeded(_sentence(questions, opportunity.stage), opportunity, opportunity.stage, questions)


def questions(opportunity: Opportunity, to: Stage) -> Questions:
    """All that a move there may be told: what has to be ticked, and why it ends, asked for or not."""
    reasons = opportunity.pipeline.reasons(to.outcome) if to.outcome else []
    asks = to.outcome is not None and (bool(reasons) or opportunity.pipeline.requires_reason(to.outcome))
    items = _open_items(opportunity, opportunity.stage, to, NONE)
    return Questions(items, to.outcome if asks else None, reasons)


def chosen_reason(pipeline: Pipeline, outcome: Outcome | None, answers: Answers) -> Reason | None:
    """The reason named by the answers; refuses one that is not on offer for this ending."""
    if outcome is None or answers.reason_id is None:
        return None
    for reason in pipeline.reasons(outcome):
        if reason.id == answers.reason_id:
            return reason
    raise RuleBroken(f"That is not one of this pipeline's reasons for {outcome}; an admin keeps the list.")


def refuse_reason(opportunity: Opportunity, reason: object) -> None:
    """Refuse, as the reason for how it ended, one that explains another ending, and none where one is required."""
    outcome = opportunity.outcome
    if reason is None:
        if outcome is not None and opportunity.pipeline.requires_reason(outcome):
            raise RuleBroken(f"In {opportunity.pipeline.name} a deal that is {outcome} has a reason; choose one.")
    elif outcome is None or reason not in opportunity.pipeline.reasons(outcome):
        raise RuleBroken("That is not one of this pipeline's reasons for how it ended; an admin keeps the lists.")


def _open_items(opportunity: Opportunity, source: Stage | None, to: Stage, answers: Answers) -> list[ChecklistItem]:
    if source is None or not _goes_on(source, to):
        return []
    required = [item for item in source.checklist if item.is_required and item.id not in answers.ticks]
    ticked = opportunity.ticked_item_ids if required else set()
    return [item for item in required if item.id not in ticked]


def _goes_on(source: Stage, to: Stage) -> bool:
    later = to.kind is StageKind.WORKING and to.position > source.position
    return later or to.kind is StageKind.WON


def _questions(
    pipeline: Pipeline, items: list[ChecklistItem], outcome: Outcome | None, answers: Answers, via: Via
) -> Questions:
    if outcome is None or via is Via.PURCHASE or chosen_reason(pipeline, outcome, answers):
        return Questions(items)
    if not pipeline.requires_reason(outcome):
        return Questions(items)
    return Questions(items, outcome, pipeline.reasons(outcome))


def _sentence(questions: Questions, to: Stage) -> str:
    parts = [f"tick “{item.text}”" for item in questions.items]
    if questions.outcome:
        parts.append(f"choose a {'win' if questions.outcome is Outcome.WON else 'loss'} reason")
    return f"Before it goes to {to.name}: {', '.join(parts)}."
