"""How the cards of a column are ordered: by hand, or by a chosen sort, which keeps hands off.

Every order is a walk along an index of a stage with a status; what has no day for its next action comes after all
that has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, tuple_

from pipeline.models.opportunity import Opportunity

LAST_DAY = date.max
Ids = Select[int]


class BoardOrder(StrEnum):
    """By hand from top to bottom; soonest next action first; highest value first; longest in the stage first."""

    MANUAL = "manual"
    NEXT_ACTION = "next_action"
    VALUE = "value"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card lies in its column: what lies below comes after it. `key` is what its order sorts by, as text."""

    key: str
    id: int


def place_of(row: Any, order: BoardOrder) -> str:
    """A row's key as text, for the URL of what lies below."""
    match order:
        case BoardOrder.MANUAL:
            return str(row.rank)
        case BoardOrder.VALUE:
            return str(row.value)
        case BoardOrder.AGE:
            return str(row.entered_stage_at.isoformat())
        case BoardOrder.NEXT_ACTION:
            return row.next_action_on.isoformat() if row.next_action_on else ""


def sorting(row: Any, order: BoardOrder) -> tuple[Any, ...]:
    """A row's place among others, for Python's sort."""
    match order:
        case BoardOrder.MANUAL:
            return row.rank, row.id
        case BoardOrder.VALUE:
            return -row.value, -row.id
        case BoardOrder.AGE:
            return row.entered_stage_at, row.id
        case BoardOrder.NEXT_ACTION:
            return row.next_action_on or LAST_DAY, row.next_action_on is None, row.id


def columns(order: BoardOrder) -> Sequence[SQLColumnExpression[Any]]:
    """The same for a query that sorts the few it has found already."""
    match order:
        case BoardOrder.MANUAL:
            return Opportunity.rank, Opportunity.id
        case BoardOrder.VALUE:
            return Opportunity.value.desc(), Opportunity.id.desc()
        case BoardOrder.AGE:
            return Opportunity.entered_stage_at, Opportunity.id
        case BoardOrder.NEXT_ACTION:
            return Opportunity.next_action_on.is_(None), Opportunity.next_action_on, Opportunity.id


def walks(cards: Ids, order: BoardOrder, below: Place | None) -> Sequence[Ids]:
    """The cards of one stage and status from the top, or from `below` on. A place that makes no sense is the top."""
    match order:
        case BoardOrder.MANUAL:
            return [_after(cards, Opportunity.rank, below and below.key, below)]
        case BoardOrder.AGE:
            return [_after(cards, Opportunity.entered_stage_at, _moment(below), below)]
        case BoardOrder.VALUE:
            return [_down(cards, below)]
        case BoardOrder.NEXT_ACTION:
            return _by_next_action(cards, below)


def _after(cards: Ids, column: Any, key: Any, below: Place | None) -> Ids:
    if below is not None and key is not None:
        cards = cards.where(tuple_(column, Opportunity.id) > tuple_(key, below.id))
    return cards.order_by(column, Opportunity.id)


def _down(cards: Ids, below: Place | None) -> Ids:
    if below is not None and below.key.isdecimal():
        cards = cards.where(tuple_(Opportunity.value, Opportunity.id) < tuple_(int(below.key), below.id))
    return cards.order_by(Opportunity.value.desc(), Opportunity.id.desc())


def _by_next_action(cards: Ids, below: Place | None) -> Sequence[Ids]:
    column = Opportunity.next_action_on
    dated, undated = cards.where(column.is_not(None)), cards.where(column.is_(None)).order_by(column, Opportunity.id)
    if below is not None and not below.key:
        return [undated.where(Opportunity.id > below.id)]
    return [_after(dated, column, _day(below), below), undated]


def _moment(below: Place | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(below.key) if below else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _day(below: Place | None) -> date | None:
    try:
        return date.fromisoformat(below.key) if below else None
    except ValueError:
        return None
