"""From and to, both included, either left open: amounts of money and dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import get_currency_precision
from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from pipeline.clock import HasTimeZone

USUAL = 2


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


@dataclass(frozen=True)
class Dates:
    start: date | None = None
    end: date | None = None

    def of_days(self, column: InstrumentedAttribute[date | None]) -> Iterator[ColumnElement[bool]]:
        if self.start is not None:
            yield column >= self.start
        if self.end is not None:
            yield column <= self.end

    def of_instants(self, column: InstrumentedAttribute[Any], person: HasTimeZone) -> Iterator[ColumnElement[bool]]:
        """Moments on these days where the person is: from the first midnight to just before the one after the last."""
        if self.start is not None:
            yield column >= _midnight(self.start, person)
        if self.end is not None:
            yield column < _midnight(self.end + timedelta(days=1), person)

    def query(self, name: str) -> dict[str, str]:
        return _query(name, start=str(self.start or ""), end=str(self.end or ""))


ANY_VALUE = Values()
EVER = Dates()


def _query(name: str, *, start: str, end: str) -> dict[str, str]:
    return {key: word for key, word in ((f"{name}_from", start), (f"{name}_to", end)) if word}


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


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
