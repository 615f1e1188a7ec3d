"""What a move says: the shape of its fields only. Whether it may happen, the domain decides."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from pipeline.domain.readiness import Answers
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Pipeline, Stage

SCREENS = {Via.DRAG, Via.MENU, Via.RECORD, Via.LIST}
LARGEST = 2**31 - 1
NONSENSE = "This move could not be understood. Reload the page and try again."


@dataclass(frozen=True)
class Said:
    """What every way of moving may say: the version seen, answers, and by which way."""

    version: int | None
    answers: Answers
    via: Via


@dataclass(frozen=True)
class MoveForm(Said):
    """`after_id` is the card that it shall lie below; 0 for the top of the column."""

    stage_id: int
    after_id: int | None

    @classmethod
    def read(cls, sent: "MultiDict[str, str]") -> "MoveForm":
        stage_id = _number(sent, "stage_id")
        if stage_id is None:
            raise RuleBroken("Choose a stage to move it to.")
        return cls(_number(sent, "version"), answers_in(sent), _via(sent), stage_id, _number(sent, "after_id"))

    def stage(self, pipeline: Pipeline) -> Stage:
        """The stage meant, retired ones included: the rule that refuses them says why."""
        for stage in pipeline.all_stages:
            if stage.id == self.stage_id:
                return stage
        raise RuleBroken("That stage is not part of this pipeline; reload the page to see its stages.")


@dataclass(frozen=True)
class StatusForm(Said):
    status: Status

    @classmethod
    def read(cls, sent: "MultiDict[str, str]") -> "StatusForm":
        if sent.get("status") not in set(Status):
            raise RuleBroken("A status is open, won, lost or abandoned.")
        return cls(_number(sent, "version"), answers_in(sent), _via(sent), Status(sent["status"]))


def answers_in(sent: "MultiDict[str, str]") -> Answers:
    """What a dialog was answered, by whichever form it asked for."""
    return Answers(
        reason_id=_number(sent, "reason_id"),
        note=sent.get("note", "").strip()[:2000],
        ticks=_numbers(sent, "ticks"),
        wake_on=_day(sent, "wake_on"),
        skips=_numbers(sent, "skips"),
    )


def _via(sent: "MultiDict[str, str]") -> Via:
    wanted = sent.get("back") if sent.get("back") == Via.RECORD else sent.get("via")
    return Via(wanted) if wanted in SCREENS else Via.MENU


def _numbers(sent: "MultiDict[str, str]", name: str) -> frozenset[int]:
    words = (word for word in sent.getlist(name) if word.isascii() and word.isdecimal())
    return frozenset(int(word) for word in words)


def _day(sent: "MultiDict[str, str]", name: str) -> date | None:
    word = sent.get(name, "").strip()
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise RuleBroken("That is not a day; write it like 2027-03-31.") from None


def _number(sent: "MultiDict[str, str]", name: str) -> int | None:
    """A whole number that a database can hold; none when the field was left empty."""
    word = sent.get(name, "").strip()
    if not word:
        return None
    if not (word.isascii() and word.isdecimal()) or int(word[:20]) > LARGEST:
        raise RuleBroken(NONSENSE)
    return int(word)
