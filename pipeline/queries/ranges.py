"""From and to, both included, either left open: amounts of money, dates, and periods that move with the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import get_currency_precision
from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from pipeline import clock
from pipeline.clock import HasTimeZone

USUAL = 2
End = TypeVar("End", Decimal, date)


@dataclass(frozen=True)
class Values:
    """Amounts in major units, each deal measured in its own currency: 100 is 100 dollars, or 100 yen."""

    start: Decimal | None = None
    end: Decimal | None = None

    def where(
        self, value: InstrumentedAttribute[int], currency: InstrumentedAttribute[str]
    ) -> Iterator[ColumnElement[bool]]:
        if self.start is not None:
            yield value >= _minor(self.start, currency, ROUND_CEILING)
        if self.end is not None:
            yield value <= _minor(self.end, currency, ROUND_FLOOR)

    def query(self, name: str) -> dict[str, str]:
        return _query(name, start=_plain(self.start), end=_plain(self.end))


class Period(StrEnum):
    """Days that move with the calendar of the person who looks. Weeks begin on Monday."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    NEXT_7 = "next7"
    NEXT_30 = "next30"
    LAST_7 = "last7"
    LAST_30 = "last30"
    OVERDUE = "overdue"
    NEVER = "none"

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last of them; nothing before what is overdue, and no day at all for never."""
        week, month = today - timedelta(days=today.weekday()), today.replace(day=1)
        quarter = month.replace(month=month.month - (month.month - 1) % 3)
        return {
            Period.TODAY: (today, today),
            Period.WEEK: (week, week + timedelta(days=6)),
            Period.MONTH: (month, _months_on(month, 1)),
            Period.QUARTER: (quarter, _months_on(quarter, 3)),
            Period.NEXT_7: (today, today + timedelta(days=7)),
            Period.NEXT_30: (today, today + timedelta(days=30)),
            Period.LAST_7: (today - timedelta(days=7), today),
            Period.LAST_30: (today - timedelta(days=30), today),
            Period.OVERDUE: (None, today - timedelta(days=1)),
            Period.NEVER: (None, None),
        }[self]


@dataclass(frozen=True)
class Dates:
    """Days from and to; or a period, which moves with the calendar."""

    start: date | None = None
    end: date | None = None
    period: Period | None = None

    def on(self, today: date) -> "Dates":
        """The very days that are meant today."""
        return self if self.period is None else Dates(*self.period.days(today))

    def of_days(self, column: InstrumentedAttribute[Any], person: HasTimeZone) -> Iterator[ColumnElement[bool]]:
        if self.period is Period.NEVER:
            yield column.is_(None)
        days = self.on(clock.today(person))
        if days.start is not None:
            yield column >= days.start
        if days.end is not None:
            yield column <= days.end

    def of_instants(self, column: InstrumentedAttribute[Any], person: HasTimeZone) -> Iterator[ColumnElement[bool]]:
        """Moments on these days where the person is: from the first midnight to just before the one after the last."""
        if self.period is Period.NEVER:
            yield column.is_(None)
        days = self.on(clock.today(person))
        if days.start is not None:
            yield column >= _midnight(days.start, person)
        if days.end is not None:
            yield column < _midnight(days.end + timedelta(days=1), person)

    def query(self, name: str) -> dict[str, str]:
        if self.period is not None:
            return {name: str(self.period)}
        return _query(name, start=str(self.start or ""), end=str(self.end or ""))


ANY_VALUE = Values()
EVER = Dates()


def in_order(one: End | None, other: End | None) -> tuple[End | None, End | None]:
    """From and to, though they may have been given the other way round: nothing lies from 5,000 to 1,000."""
    return (other, one) if one is not None and other is not None and other < one else (one, other)


def _query(name: str, *, start: str, end: str) -> dict[str, str]:
    return {key: word for key, word in ((f"{name}_from", start), (f"{name}_to", end)) if word}


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _months_on(first: date, months: int) -> date:
    """The last day of so many months that begin here."""
    after = first.month - 1 + months
    return date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _midnight(day: date, person: HasTimeZone) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(person.time_zone)).astimezone(UTC)


def _minor(amount: Decimal, currency: InstrumentedAttribute[str], rounding: str) -> ColumnElement[int] | int:
    """The amount in minor units of whichever currency a row has."""
    unusual: dict[int, list[str]] = {}
    for code in get_global("currency_fractions"):
        precision = get_currency_precision(code)
        if code != "DEFAULT" and precision != USUAL:
            unusual.setdefault(precision, []).append(code)
    scaled = [
        (currency.in_(sorted(codes)), _scaled(amount, precision, rounding)) for precision, codes in unusual.items()
    ]
    return case(*scaled, else_=_scaled(amount, USUAL, rounding))


def _scaled(amount: Decimal, precision: int, rounding: str) -> int:
    return int(amount.scaleb(precision).to_integral_value(rounding=rounding))
