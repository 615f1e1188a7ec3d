"""What every kind of action has: typed settings, a sentence about them, and the doing."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pipeline.models.automation import ActionKind, Step, StepState


class ActionSettings(BaseModel):
    """What a kind of action is told. It lives as JSON beside the action and, as it was then, beside each step."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Ending:
    """How a step came out, in words for the timeline."""

    state: StepState
    receipt: str


def done(receipt: str) -> Ending:
    return Ending(StepState.DONE, receipt)


def suppressed(why: str) -> Ending:
    return Ending(StepState.SUPPRESSED, why)


class ActionType(ABC):
    """One kind of action. It holds nothing: what varies is in its settings."""

    kind: ClassVar[ActionKind]
    name: ClassVar[str]
    hint: ClassVar[str]
    Settings: ClassVar[type[ActionSettings]]

    def check(self, settings: Any) -> None:  # noqa: B027 - most settings are right by their type
        """Refuse settings that could never work."""

    @abstractmethod
    def describe(self, settings: Any) -> str:
        """What it will do, as part of a sentence: “create the task “Call”, due in 2 days”."""

    @abstractmethod
    def perform(self, step: Step, settings: Any) -> Ending | None:
        """Do it. None: it is on its way, and whoever carries it will settle the step."""
