"""What stands before and after one opportunity in a list, however long: for working through a list one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, or_, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.filters import Filter, where
from pipeline.queries.opportunity_order import COLUMNS, By, direction, joined
from pipeline.queries.sorting import Sort, is_never_empty


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids of the one before and the one after; none at an end of the list."""

    previous: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A step of an order: what is compared, which way, and what it is for the one whose neighbours are wanted."""

    column: SQLColumnExpression[Any]
    descending: bool
    own: Any

    def turned(self) -> "Key":
        return Key(self.column, not self.descending, self.own)

    def beyond(self) -> ColumnElement[bool]:
        after: ColumnElement[bool] = self.column < self.own if self.descending else self.column > self.own
        return after

    def ordering(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()


def of(opportunity_id: int, filter: Filter, sort: Sort[By], *, seen_by: User) -> Neighbours:
    """Beside an opportunity that may have left the list meanwhile: the two it would stand between were it still there.

    Three queries, whatever the length of the list.
    """
    steps = _steps(sort)
    own = joined(select(*(column for column, _ in steps)), sort.by).where(Opportunity.id == opportunity_id)
    if (place := db.session.execute(own).one_or_none()) is None:
        return Neighbours()
    keys = [Key(column, descending, value) for (column, descending), value in zip(steps, place, strict=True)]
    shown = where(filter, seen_by=seen_by)
    return Neighbours(
        previous=_nearest([key.turned() for key in keys], sort.by, shown), next=_nearest(keys, sort.by, shown)
    )


def _steps(sort: Sort[By]) -> list[tuple[SQLColumnExpression[Any], bool]]:
    """What the order compares, one after the other: what is empty comes last either way, and the id decides at last."""
    way = direction(sort)
    steps: list[tuple[SQLColumnExpression[Any], bool]] = []
    for column in COLUMNS[sort.by]:
        if not is_never_empty(column):
            steps.append((case((column.is_(None), 1), else_=0), False))
        steps.append((column, way.descending))
    return [*steps, (Opportunity.id, way.descending)]


def _nearest(keys: Sequence[Key], by: By, shown: ColumnElement[bool]) -> int | None:
    query = joined(select(Opportunity.id), by).where(shown, _beyond(keys))
    nearest: int | None = db.session.scalar(query.order_by(*(key.ordering() for key in keys)).limit(1))
    return nearest


def _beyond(keys: Sequence[Key]) -> ColumnElement[bool]:
    """After these in the order of all. Where the first key can follow an index, the database is told how far."""
    after: list[ColumnElement[bool]] = []
    for place, key in enumerate(keys):
        if key.own is None:
            continue  # all that is left to compare with is as empty
        same = [_same(earlier) for earlier in keys[:place]]
        after.append(and_(*same, key.beyond()))
    first = keys[0]
    return and_(or_(first.beyond(), first.column == first.own), or_(*after))


def _same(key: Key) -> ColumnElement[bool]:
    return key.column.is_(None) if key.own is None else key.column == key.own
