"""The order of a list: by one of an allow-list of words, up or down. `-value` in a URL means from the largest."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Sort(Generic[Word]):
    by: Word
    descending: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str], default: "Sort[Word]") -> "Sort[Word]":
        """The order that a URL asks for; the default when it asks for none of the words."""
        wanted = asked.get("sort", "")
        word = wanted.removeprefix("-")
        words = type(default.by)
        return cls(words(word), wanted != word) if word in set(words) else default

    def __str__(self) -> str:
        return f"-{self.by}" if self.descending else str(self.by)

    def turned_to(self, by: Word) -> "Sort[Word]":
        """What a click on a heading asks for: that order, or the other way round when it is on already."""
        return Sort(by, not self.descending if by is self.by else False)

    def ordering(self, column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
        """The ORDER BY of a column; what is empty comes last either way. What is never empty may follow an index."""
        way = column.desc() if self.descending else column.asc()
        return way if is_never_empty(column) else way.nulls_last()


def is_never_empty(column: SQLColumnExpression[Any]) -> bool:
    return getattr(column, "nullable", True) is False
