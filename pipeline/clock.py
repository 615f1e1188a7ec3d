"""The one clock. Everything asks here what time it is, so that tests and the demo can move it.

Time is UTC and aware; a person's "today" is a date in that person's zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZERO = timedelta(0)


class _Hands:
    """Where the clock's hands stand: shifted by an offset, or stopped at an instant."""

    def __init__(self) -> None:
        self.offset = ZERO
        self.stopped_at: datetime | None = None


class HasTimeZone(Protocol):
    """Anyone with an IANA zone name, such as a user."""

    @property
    def time_zone(self) -> str: ...


_hands = _Hands()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _hands.stopped_at or datetime.now(UTC) + _hands.offset


def real() -> datetime:
    """The machine's own time, for leases and signs of life: moving a demo on must not make a process look dead."""
    return _hands.stopped_at or datetime.now(UTC)


def today(person: HasTimeZone | None = None) -> date:
    """The present date where the person is; in UTC for nobody in particular."""
    return today_in(person.time_zone) if person else now().date()


def today_in(zone: str) -> date:
    """The present date in a zone, by its IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


def days_from_today(days: int, person: HasTimeZone | None = None) -> date:
    """The date so many days from today, where the person is."""
    return today(person) + timedelta(days=days)


def shift(offset: timedelta) -> None:
    """Let the clock run this much ahead of the real one (the demo's *+1 day*)."""
    _hands.offset = offset


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock at an instant for as long as the block lasts."""
    before, _hands.stopped_at = _hands.stopped_at, at
    try:
        yield
    finally:
        _hands.stopped_at = before


@contextmanager
def travelled(by: timedelta) -> Iterator[None]:
    """Move the clock on, frozen or running, for as long as the block lasts."""
    before = (_hands.offset, _hands.stopped_at)
    _hands.offset += by
    _hands.stopped_at = _hands.stopped_at and _hands.stopped_at + by
    try:
        yield
    finally:
        _hands.offset, _hands.stopped_at = before
