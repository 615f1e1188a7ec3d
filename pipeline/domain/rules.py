"""Broken rules. Each says, to the person, what is wrong and who can change it; once raised, nothing has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import ChecklistItem, Outcome, Reason, Stage


class RuleBroken(Exception):
    """A rule of the house forbids it. The message is for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotVisible(RuleBroken):
    """What you may not see does not exist."""

    def __init__(self, what: str = "record") -> None:
        super().__init__(f"There is no such {what}.")


class NotAllowed(RuleBroken):
    """Seen, but not allowed."""


class Conflict(RuleBroken):
    """Someone else changed it since it was seen."""

    def __init__(self, message: str, opportunity: Opportunity, at: datetime | None = None) -> None:
        super().__init__(message)
        self.opportunity = opportunity
        self.at = at


class ChangedMeanwhile(RuleBroken):
    """Someone else changed the same field of a task or a contact since it was seen."""

    def __init__(self, message: str, at: datetime) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Questions:
    """What a move still has to know: unticked required items, and a reason for the outcome."""

    items: Sequence[ChecklistItem] = ()
    outcome: Outcome | None = None
    reasons: Sequence[Reason] = ()

    def __bool__(self) -> bool:
        return bool(self.items) or self.outcome is not None


class AnswersNeeded(RuleBroken):
    """A move is missing answers; `questions` says which, so that one dialog can ask for all of them."""

    def __init__(self, message: str, opportunity: Opportunity, to: Stage, questions: Questions) -> None:
        super().__init__(message)
        self.opportunity = opportunity
        self.to = to
        self.questions = questions
