"""Statements that are asked again and again, kept by what they were built from.

To build a board's statement, of many parts, costs Python more than its answer costs SQLite.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from pipeline.models.user import User
from pipeline.queries import anyone
from pipeline.queries.conditions import Whose
from pipeline.queries.filters import Filter

Statement = TypeVar("Statement")
MOST = 64
LASTING = frozenset({"pipeline", "status", "stage", "owner", "tag", "source"})
"""What means the same at any time, and needs no right to ask for."""


class Built(Generic[Statement]):
    """Each by its key. When they are too many, all go, and come again as they are asked."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Statement] = {}

    def of(self, key: Hashable, build: Callable[[], Statement]) -> Statement:
        """The statement of this key."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            found = self._kept[key] = build()
        return found

    def for_all_like(
        self, person: User, filter: Filter, *more: Hashable, build: Callable[[User], Statement]
    ) -> Statement:
        """Built for `anyone.like` the person, unless the filter means something else each time or to each."""
        if not lasts(filter):
            return build(person)
        reader = anyone.like(person)
        return self.of((filter, reader, *more), lambda: build(reader))


def lasts(filter: Filter) -> bool:
    """Whether it means the same at any time, in words that hold for whoever looks."""
    plain = filter.owner in {Whose.ANYONE, Whose.NOBODY, Whose.MINE} or isinstance(filter.owner, int)
    return plain and filter.narrowed_by <= LASTING
