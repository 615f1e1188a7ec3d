"""A page of a longer list: which rows, and what stands before and after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    number: int
    size: int
    count: int

    @classmethod
    def of(cls, wanted: int, size: int, count: int) -> "Paging":
        """The wanted page, or the last one when there are not so many."""
        last = max(1, -(-count // size))
        return cls(min(max(wanted, 1), last), size, count)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.count)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.count)

    @property
    def newer(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.last < self.count else None
