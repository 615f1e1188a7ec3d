"""Dates in a file: how its columns write them, decided over whole columns, never guessed.

Styles that can mean only one day (2017-03-01, 1.3.2017, 1 Mar 2017) are read wherever they stand. 3/1/2017 is read
only when the column itself, another column of the file, or the person says whether the day or the month comes first.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from pipeline.domain.rules import RuleBroken


class Order(StrEnum):
    DAY_FIRST = "day/month"
    MONTH_FIRST = "month/day"


@dataclass(frozen=True)
class Moment:
    """A day, with the time if one was written; `at` is aware only when the file gave a zone."""

    day: date
    at: datetime | None = None


NUMERIC = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$")
TIMED = re.compile(
    r"^(.+?)[T ,]+(\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?)"
    r"\s*(Z|UTC|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$"
)
PLAIN = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d/%b/%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%a, %d %b %Y",
)
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
WORDS = (
    (r"year|yyyy", "%Y"),
    (r"month|mm", "%m"),
    (r"day|dd", "%d"),
    (r"(?<![%a-z])yy?(?![a-z])", "%y"),
    (r"(?<![%a-z])m(?![a-z])", "%m"),
    (r"(?<![%a-z])d(?![a-z])", "%d"),
)
YEARS = range(1900, 2201)
NEVER_SHIFTS = time(10, tzinfo=UTC)


def format_said(text: str) -> str:
    """A format as people write one, “month/day/year”, “DD.MM.YYYY” or “%d/%m/%Y”, as strptime knows it."""
    known = text.strip()
    if "%" not in known:
        known = known.lower()
        for words, directive in WORDS:
            known = re.sub(words, directive, known)
    day = date(2017, 12, 31)
    if _by(day.strftime(known), known) != day:
        raise RuleBroken(f"“{text}” is no date format; write it like day/month/year or %d.%m.%Y.")
    return known


def order_of(column: str, values: Iterable[str]) -> Order | None:
    """Which comes first in the column's dates like 3/1/2017; None when they leave it open.

    Refuses a column in which some can only be one and some only the other.
    """
    proofs: dict[Order, str] = {}
    for value in set(values):
        possible = {order: day for order in Order if (day := _numeric(_day_part(value), order))}
        if len(possible) == 1:
            proofs.setdefault(next(iter(possible)), value)
    if len(proofs) > 1:
        raise RuleBroken(
            f"Column “{column}” writes dates both ways: {proofs[Order.DAY_FIRST]} has the day first, "
            f"{proofs[Order.MONTH_FIRST]} the month. "
            "Say which with a date format; rows that do not fit are then rejected."
        )
    return next(iter(proofs), None)


def is_open_to_both(values: Iterable[str]) -> str | None:
    """A date of the column that would be two different days, depending on which number is the month; if any."""
    for value in values:
        days = {_numeric(_day_part(value), order) for order in Order} - {None}
        if len(days) > 1:
            return value
    return None


def decide(columns: dict[str, Sequence[str]]) -> dict[str, Order]:
    """For each column with dates like 3/1/2017, which number comes first. Columns of one file vouch for each other.

    Refuses to guess: when a column could be read both ways and no column of the file tells, the person has to.
    """
    orders = {column: order_of(column, values) for column, values in columns.items()}
    proven = {order for order in orders.values() if order}
    shared = next(iter(proven)) if len(proven) == 1 else None
    decided: dict[str, Order] = {}
    for column, order in orders.items():
        chosen = order or shared
        doubtful = None if chosen else is_open_to_both(columns[column])
        if doubtful:
            raise RuleBroken(
                f"Column “{column}” could be day/month or month/day ({doubtful}): say which with a date format, "
                "for example --date-format month/day/year."
            )
        if chosen or any(NUMERIC.match(_day_part(value)) for value in columns[column]):
            decided[column] = chosen or Order.DAY_FIRST
    return decided


def parse(text: str, order: Order | None, said: str | None = None) -> Moment | None:
    """The moment a cell means: by the format that was said, else by what can mean only one day, else by the order.

    A year that no deal can be of is none: programs write 0001-01-01 and 9999-12-31 where they know no date.
    """
    day = _day_of(text, order, said)
    return Moment(day, _clocked(text, day)) if day and day.year in YEARS else None


def instant(moment: Moment, time_zone: str) -> datetime:
    """The instant to keep: the one written, in the person's zone when the file names none; else one that day.

    No instant is on the same date from UTC−11 to UTC+13. A bare day is kept as 10:00 UTC, the same date from
    UTC−10 to UTC+13:45, or as noon where the person is, if that is beyond.
    """
    if moment.at:
        return (moment.at if moment.at.tzinfo else moment.at.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    kept = datetime.combine(moment.day, NEVER_SHIFTS)
    if kept.astimezone(ZoneInfo(time_zone)).date() == moment.day:
        return kept
    return datetime.combine(moment.day, time(12), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def _day_of(text: str, order: Order | None, said: str | None) -> date | None:
    part = _day_part(text)
    if said:
        day = _by(text, said) or _by(part, said)
        if day or NUMERIC.match(part):
            return day
    if NUMERIC.match(part):
        return _numeric(part, order) if order else None
    return _plain(part)


def _day_part(text: str) -> str:
    found = TIMED.match(text.strip())
    return (found.group(1) if found else text).strip().rstrip(",")


def _numeric(text: str, order: Order) -> date | None:
    found = NUMERIC.match(text)
    if not found:
        return None
    first, second, year = (int(part) for part in found.groups())
    if len(found.group(3)) == 2:  # noqa: PLR2004 — a year of two digits
        year += 2000 if year < 70 else 1900  # noqa: PLR2004 — as strptime does
    day, month = (first, second) if order is Order.DAY_FIRST else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(text: str) -> date | None:
    return next((day for style in PLAIN if (day := _by(text, style))), None)


def _by(text: str, style: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), style).date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None


def _clocked(text: str, day: date) -> datetime | None:
    found = TIMED.match(text.strip())
    if not found:
        return None
    clock_text = re.sub(r"[.,]\d+", "", found.group(2)).replace(".", "").upper().strip()
    clock_text = re.sub(r"(?<=\d)(?=[AP]M)", " ", clock_text)
    for style in CLOCKS:
        try:
            at = datetime.strptime(clock_text, style).time()  # noqa: DTZ007 — the zone follows
        except ValueError:
            continue
        return datetime.combine(day, at, tzinfo=_zone(found.group(3)))
    return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("Z", "UTC"):
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)
