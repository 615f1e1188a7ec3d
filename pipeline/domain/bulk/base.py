"""What every kind of change to many has: typed arguments, words for it, the doing, and the putting back."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

Before = dict[str, Any]


class Arguments(BaseModel):
    """What is asked once for all of them. It lives as JSON beside the run."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Change(ABC):
    """One kind of change. It holds nothing: what varies is in its arguments."""

    verb: ClassVar[BulkVerb]
    past: ClassVar[str]
    """How it is said of those it was done to: “47 moved”."""
    Arguments: ClassVar[type[Arguments]] = Arguments

    @abstractmethod
    def describe(self, arguments: Any) -> str:
        """What it does, as a heading: “Move to Demo”. Refuses arguments that could never work."""

    @abstractmethod
    def do(self, opportunity: Opportunity, arguments: Any, *, by: User, via: Via) -> None:
        """The same verb that changes a single one."""

    def remember(self, opportunity: Opportunity) -> Before:
        """What has to be known of it as it is, to put it back."""
        return {}

    def trace(self, opportunity: Opportunity, *, by: User) -> Before:
        """What has to be known besides, once it is changed."""
        return {}

    def put_back(self, opportunity: Opportunity, arguments: Any, before: Before, *, by: User, via: Via) -> str | None:
        """Take the change back, and say what of it stays done for good; never over what others did since."""
        raise RuleBroken("This can not be taken back.")

    def afterwards(self, arguments: Any, count: int, *, by: User, purpose: str) -> None:  # noqa: B027 - most have none
        """What is said once for all of them, when it is over."""
