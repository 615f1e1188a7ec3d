"""What every kind of action has: typed settings, a sentence about them, and the doing."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pipeline.models.automation import ActionKind, Step, StepState
from pipeline.models.opportunity import Opportunity


class ActionSettings(BaseModel):
    """What a kind of action is told. It lives as JSON beside the action and, as it was then, beside each step."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Ending:
    """How a step came out, in words for the timeline."""

    state: StepState
    receipt: str
    made_id: int | None = None
    """The number of what it made or changed, for taking it back."""


@dataclass(frozen=True)
class Reversal:
    """What undoing a step came to: what was `taken_back`, or what `remains` done, in words for the timeline."""

    taken_back: str = ""
    remains: str = ""


NOTHING = Reversal()


def done(receipt: str, *, made_id: int | None = None) -> Ending:
    return Ending(StepState.DONE, receipt, made_id)


def suppressed(why: str) -> Ending:
    return Ending(StepState.SUPPRESSED, why)


class ActionType(ABC):
    """One kind of action. It holds nothing: what varies is in its settings."""

    kind: ClassVar[ActionKind]
    name: ClassVar[str]
    hint: ClassVar[str]
    Settings: ClassVar[type[ActionSettings]]
    leaves_the_house: ClassVar[bool] = False
    """Whether someone outside, or a mailbox, gets it: then it waits while what led to it can be undone."""

    def check(self, settings: Any) -> None:  # noqa: B027 - most settings are right by their type
        """Refuse settings that could never work."""

    says_when: ClassVar[bool] = False
    """Whether what it foresees names the time already."""

    @abstractmethod
    def describe(self, settings: Any) -> str:
        """What it will do, as part of a sentence: “create the task “Call”, due in 2 days”."""

    def promise(self, settings: Any, opportunity: Opportunity) -> str:
        """What a step will do for this one, as part of a sentence; when, the step knows: “create the task “Call””."""
        return self.describe(settings)

    @abstractmethod
    def foresee(self, settings: Any, opportunity: Opportunity, due_at: datetime) -> str:
        """What it would do for this opportunity at that time, as a sentence: “Creates the task “Call” for Olive”."""

    def reverse(self, step: Step, settings: Any) -> Reversal:
        """Take back what it did. What cannot be taken back is named."""
        return Reversal(remains=f"{step.receipt}" if step.receipt else "")

    @abstractmethod
    def perform(self, step: Step, settings: Any) -> Ending | None:
        """Do it. None: it is on its way, and whoever carries it will settle the step."""
