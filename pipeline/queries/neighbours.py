"""What stands before and after one opportunity in a list, however long: for working through a list one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.board_order import BoardOrder
from pipeline.queries.filters import Filter, where
from pipeline.queries.opportunity_order import COLUMNS, By, direction, joined
from pipeline.queries.sorting import Sort, is_never_empty

MOST_COUNTED = 500
COLUMN_KEYS = {
    BoardOrder.MANUAL: (("rank", False), ("id", False)),
    BoardOrder.NEXT_ACTION: (("next_action_on", False), ("id", False)),
    BoardOrder.VALUE: (("value", True), ("id", True)),
    BoardOrder.AGE: (("entered_stage_at", False), ("id", False)),
}


ALWAYS_SAID = {By.TITLE, By.CONTACT}
"""Orders by what every deal has, though a function of it cannot say so."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids of the one before and the one after; none at an end of the list. How many are `before` and `after` is
    counted up to a limit, beyond which it is not known.
    """

    previous: int | None = None
    next: int | None = None
    before: int | None = field(default=None, compare=False)
    after: int | None = field(default=None, compare=False)
    is_listed: bool = field(default=False, compare=False)

    @property
    def place(self) -> int | None:
        return self.before + 1 if self.is_listed and self.before is not None else None

    @property
    def count(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        return self.before + self.after + self.is_listed

    @property
    def place_among(self) -> str:
        """“3 of 12”, or “3 of 500+” in a long list; nothing where it is not known."""
        if self.place is None:
            return ""
        return f"{self.place} of {MOST_COUNTED}+" if self.count is None else f"{self.place} of {self.count}"


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

    def not_before(self) -> ColumnElement[bool]:
        near: ColumnElement[bool] = self.column <= self.own if self.descending else self.column >= self.own
        return near

    def ordering(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()


def of(opportunity_id: int, filter: Filter, sort: Sort[By], *, seen_by: User) -> Neighbours:
    """Beside an opportunity that may have left the list meanwhile: the two it would stand between were it still there.

    Two queries, whatever the length of the list.
    """
    steps = _steps(sort)
    own = joined(select(*(column for column, _ in steps)), sort.by).where(Opportunity.id == opportunity_id)
    if (place := db.session.execute(own).one_or_none()) is None:
        return Neighbours()
    keys = [Key(column, descending, value) for (column, descending), value in zip(steps, place, strict=True)]
    listed = joined(select(Opportunity.id), sort.by).where(where(filter, seen_by=seen_by))
    return _around(opportunity_id, keys, listed)


def in_column(opportunity: Opportunity, filter: Filter, *, seen_by: User) -> Neighbours:
    """Beside a card in the column of the stage it stands in, by the board's order. One query."""
    return _around(opportunity.id, *_column(opportunity, filter, seen_by))


def to_lie_below(opportunity: Opportunity, filter: Filter, *, up: bool, seen_by: User) -> int | None:
    """The card of its column to lie below for lying one place higher, or lower: 0 for the top, none at an end."""
    keys, listed = _column(opportunity, filter, seen_by)
    if not up:
        return db.session.scalar(_nearest(keys, listed))
    above = db.session.scalars(_nearest([key.turned() for key in keys], listed).limit(2)).all()
    return [*above, 0][1] if above else None


def _column(opportunity: Opportunity, filter: Filter, seen_by: User) -> tuple[list[Key], Select[int]]:
    keys = [
        Key(getattr(Opportunity, name), down, getattr(opportunity, name)) for name, down in COLUMN_KEYS[filter.order]
    ]
    if filter.order is BoardOrder.NEXT_ACTION:
        day = Opportunity.next_action_on
        keys.insert(0, Key(case((day.is_(None), 1), else_=0), False, int(opportunity.next_action_on is None)))
    here = replace(filter, pipeline=None, stage=opportunity.stage_id)
    return keys, select(Opportunity.id).where(where(here, seen_by=seen_by))


def _around(opportunity_id: int, keys: Sequence[Key], listed: Select[int]) -> Neighbours:
    back = [key.turned() for key in keys]
    itself = listed.where(Opportunity.id == opportunity_id).exists()
    asked = (_nearest(back, listed), _nearest(keys, listed), _count(back, listed), _count(keys, listed))
    found = db.session.execute(select(*(each.scalar_subquery() for each in asked), itself)).one()
    previous, following, before, after, is_listed = tuple(found)
    return Neighbours(previous, following, _known(before), _known(after), bool(is_listed))


def _known(count: int) -> int | None:
    return count if count <= MOST_COUNTED else None


def _steps(sort: Sort[By]) -> list[tuple[SQLColumnExpression[Any], bool]]:
    """What the order compares, one after the other: what is empty comes last either way, and the id decides at last."""
    way = direction(sort)
    steps: list[tuple[SQLColumnExpression[Any], bool]] = []
    for column in COLUMNS[sort.by]:
        if not (is_never_empty(column) or sort.by in ALWAYS_SAID):
            steps.append((case((column.is_(None), 1), else_=0), False))
        steps.append((column, way.descending))
    return [*steps, (Opportunity.id, way.descending)]


def _nearest(keys: Sequence[Key], listed: Select[int]) -> Select[int]:
    return listed.where(_beyond(keys)).order_by(*(key.ordering() for key in keys)).limit(1)


def _count(keys: Sequence[Key], listed: Select[int]) -> Select[int]:
    beyond = listed.where(_beyond(keys)).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(beyond)


def _beyond(keys: Sequence[Key]) -> ColumnElement[bool]:
    """After these in the order of all. Where the first key can follow an index, the database is told how far."""
    after: list[ColumnElement[bool]] = []
    for place, key in enumerate(keys):
        if key.own is None:
            continue  # all that is left to compare with is as empty
        same = [_same(earlier) for earlier in keys[:place]]
        after.append(and_(*same, key.beyond()))
    return and_(keys[0].not_before(), or_(*after))


def _same(key: Key) -> ColumnElement[bool]:
    return key.column.is_(None) if key.own is None else key.column == key.own
