"""Statements that are asked again and again, kept by what they were built from.

To build a board's statement, of many parts, costs Python more than its answer costs SQLite.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from pipeline.domain import access
from pipeline.models.user import User
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
        """The statement of this key; where there is no key, it is built anew each time."""
        if key is None:
            return build()
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            found = self._kept[key] = build()
        return found


def key(filter: Filter, person: User, *more: Hashable) -> Hashable:
    """All that a statement over what the filter shows this person depends on; none where that changes by itself."""
    theirs = filter.owner in {Whose.ANYONE, Whose.NOBODY, Whose.MINE} or isinstance(filter.owner, int)
    if not theirs or not filter.narrowed_by <= LASTING:
        return None
    everyones = access.sees_all(person) and filter.owner is not Whose.MINE
    eyes = () if everyones else (person.id, access.sees_all(person), *person.managed_group_ids)
    return filter, eyes, more
