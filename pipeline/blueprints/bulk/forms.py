"""What a change to many says: the shape of its fields only. Whether it may happen, the domain decides for each."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from pipeline.domain import tags
from pipeline.domain.bulk import Arguments
from pipeline.domain.bulk.assigning import OwnerArguments
from pipeline.domain.bulk.moving import LONGEST_NOTE, MoveArguments, StatusArguments
from pipeline.domain.bulk.tagging import TagArguments
from pipeline.domain.rules import RuleBroken
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Status
from pipeline.queries import reading
from pipeline.queries.selection import Selection

Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Asked:
    """What is to be done with whom, as far as it was said."""

    verb: BulkVerb
    selection: Selection
    stage_id: int | None
    status: Status | None
    expected: int
    with_automation: bool

    @classmethod
    def read(cls, sent: Sent) -> "Asked":
        if sent.get("verb") not in set(BulkVerb):
            raise RuleBroken("Choose what to do with the selected opportunities.")
        return cls(
            verb=BulkVerb(sent["verb"]),
            selection=Selection.read(sent),
            stage_id=reading.number(sent, "stage_id"),
            status=Status(sent["status"]) if sent.get("status") in set(Status) else None,
            expected=reading.number(sent, "expected") or 0,
            with_automation=sent.get("with_automation") == "yes",
        )


def arguments(asked: Asked, sent: Sent) -> Arguments:
    """What was said once for all; a tag that is not there yet is made. Refuses what was left open."""
    match asked.verb:
        case BulkVerb.ASSIGN:
            return OwnerArguments(owner_id=_chosen(reading.number(sent, "owner_id"), "Choose who is to own them."))
        case BulkVerb.MOVE:
            stage_id = _chosen(asked.stage_id, "Choose the stage they are to go to.")
            return MoveArguments(stage_id=stage_id, **_answers(sent))
        case BulkVerb.SET_STATUS if asked.status:
            return StatusArguments(status=asked.status, **_answers(sent))
        case BulkVerb.SET_STATUS:
            raise RuleBroken("Choose a status: open, won, lost or abandoned.")
        case BulkVerb.ADD_TAG:
            return TagArguments(tag_id=tags.named(sent.get("tag", "")).id)
        case BulkVerb.REMOVE_TAG:
            return TagArguments(tag_id=_chosen(reading.number(sent, "tag_id"), "Choose the tag to take off."))
        case BulkVerb.DELETE:
            return Arguments()


def _answers(sent: Sent) -> dict[str, Any]:
    return {
        "reason_ids": _numbers(sent.getlist("reason_ids")),
        "ticks": _numbers(sent.getlist("ticks")),
        "note": sent.get("note", "").strip()[:LONGEST_NOTE],
    }


def _numbers(words: list[str]) -> frozenset[int]:
    return frozenset(number for word in words if (number := reading.number({"id": word}, "id")) is not None)


def _chosen(number: int | None, otherwise: str) -> int:
    if number is None:
        raise RuleBroken(otherwise)
    return number
