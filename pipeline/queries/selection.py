"""Which opportunities a person has selected: one by one, a whole column, all that a filter shows, or what was refused.

Selected is only what they may see. What a URL or a form could not mean is read as if it were not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from pipeline.domain import access
from pipeline.domain.rules import RuleBroken
from pipeline.models.bulk_run import BulkItem, BulkRun, ItemState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries import reading
from pipeline.queries.filters import Filter, where

MOST_SINGLY = 5000


class Sent(Protocol):
    """What came with a form."""

    def getlist(self, key: str, /) -> list[str]: ...

    def get(self, key: str, default: str, /) -> str: ...


@dataclass(frozen=True)
class Selection:
    """`asked` is the filter's query in a URL; `refused_of` the run whose refused ones are meant."""

    ids: frozenset[int] = frozenset()
    stages: frozenset[int] = frozenset()
    everything: bool = False
    asked: str = ""
    refused_of: int | None = None

    @classmethod
    def read(cls, sent: Sent) -> "Selection":
        ids = _numbers(sent.getlist("ids"))
        if len(ids) > MOST_SINGLY:
            raise RuleBroken(f"Select at most {MOST_SINGLY} one by one, or all that a filter shows.")
        return cls(
            ids=ids,
            stages=_numbers(sent.getlist("stages")),
            everything=sent.get("all", "") == "1",
            asked=sent.get("filter", ""),
            refused_of=next(iter(_numbers(sent.getlist("refused_of"))), None),
        )

    @property
    def fields(self) -> dict[str, str]:
        """What a form carries to say the same again."""
        said = {"ids": _joined(self.ids), "stages": _joined(self.stages), "filter": self.asked}
        said |= {"all": "1" if self.everything else "", "refused_of": str(self.refused_of or "")}
        return {name: value for name, value in said.items() if value}

    @property
    def filter(self) -> Filter:
        return Filter.read(dict(parse_qsl(self.asked)))


def chosen(selection: Selection, *, seen_by: User) -> Select[int]:
    """The ids of what is selected, is there, and may be seen by this person."""
    return select(Opportunity.id).where(within(selection, seen_by=seen_by))


def within(selection: Selection, *, seen_by: User) -> ColumnElement[bool]:
    """The WHERE clause of it, over `Opportunity` alone."""
    named: list[ColumnElement[bool]] = [Opportunity.id.in_(selection.ids)] if selection.ids else []
    if selection.everything:
        named.append(where(selection.filter, seen_by=seen_by))
    elif selection.stages:
        named.append(and_(where(selection.filter, seen_by=seen_by), Opportunity.stage_id.in_(selection.stages)))
    if selection.refused_of is not None:
        named.append(Opportunity.id.in_(_refused(selection.refused_of, seen_by)))
    visible = access.visible_opportunities(seen_by)
    return and_(visible, Opportunity.deleted_at.is_(None), or_(false(), *named))


def _refused(run_id: int, person: User) -> Select[int]:
    mine = BulkRun.id == BulkItem.run_id, BulkRun.started_by_id == person.id
    refused = BulkItem.run_id == run_id, BulkItem.state == ItemState.REFUSED
    return select(BulkItem.opportunity_id).join(BulkRun, mine[0]).where(mine[1], *refused)


def _numbers(words: Iterable[str]) -> frozenset[int]:
    each = (word for several in words for word in several.split(","))
    return frozenset(number for word in each if (number := reading.number({"id": word}, "id")) is not None)


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))
