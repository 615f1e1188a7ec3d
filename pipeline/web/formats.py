"""How money, days and moments are written for the person who reads: their locale, their zone.

Filters for templates: `|money(currency)`, `|weighed(beside, currency)`, `|number`, `|percent`, `|day`, `|day_within`,
`|past_day`, `|weekday`, `|weekday_and_day`, `|moment`, `|to_the_minute`, `|clock_time`, `|hour`, `|when`, `|ago`,
`|days_since`, `|due`, `|iso`.
Nothing (`None`) is written as a dash.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from flask import Flask

from pipeline import clock
from pipeline.domain import times
from pipeline.web.auth import me_or_nobody

DASH = "–"
A_WEEK = 7
NEAR_DAYS = ("Yesterday", "Today", "Tomorrow")


def prepare(app: Flask) -> None:
    days = (day, day_within, past_day, day_of, weekday, weekday_and_day, days_since, due)
    moments = (moment, exact_moment, to_the_minute, clock_time, hour, when, ago, iso)
    for filter_ in (money, weighed, exactly, number, percent, *days, *moments):
        app.template_filter(filter_.__name__)(filter_)


def locale() -> Locale:
    person = me_or_nobody()
    return _locale(person.locale if person else "en")


@lru_cache
def _locale(name: str) -> Locale:
    return Locale.parse(name, sep="-" if "-" in name else "_")


def zone() -> ZoneInfo:
    person = me_or_nobody()
    return ZoneInfo(person.time_zone if person else "UTC")


def money(minor: int | None, currency: str) -> str:
    """Minor units as an amount; whole amounts without their zeros."""
    if minor is None:
        return DASH
    return _money(minor, currency, locale())


def weighed(minor: int, beside: int, currency: str) -> str:
    """A weighted sum beside the value that it is a part of: without decimals where that has none."""
    unit = 10 ** get_currency_precision(currency)
    return money(minor if beside % unit else round(minor / unit) * unit, currency)


def exactly(minor: int, currency: str) -> str:
    """The same with all its decimals, as amounts that are added up under each other have them."""
    return format_currency(minor / 10 ** get_currency_precision(currency), currency, locale=locale())


@lru_cache(maxsize=10_000)
def _money(minor: int, currency: str, locale: Locale) -> str:
    """Kept, because a board writes hundreds of amounts, and the same ones each time."""
    unit = 10 ** get_currency_precision(currency)
    whole = minor % unit == 0
    amount = minor // unit if whole else minor / unit
    return format_currency(
        amount, currency, locale=locale, currency_digits=not whole, format=_whole(locale) if whole else None
    )


def _whole(locale: Locale) -> str:
    """The locale's own pattern for money, without decimals."""
    pattern: str = locale.currency_formats["standard"].pattern
    return ";".join(part.split(".00")[0] + part.partition(".00")[2] for part in pattern.split(";"))


def number(value: float | None) -> str:
    return DASH if value is None else _number(value, locale())


@lru_cache(maxsize=10_000)
def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


def percent(value: int | None) -> str:
    """A whole number of hundredths, as probabilities are kept."""
    return DASH if value is None else format_percent(value / 100, locale=locale())


def day(value: date | None) -> str:
    """A date: in words within a week of today, else written out, with the year when it is another one."""
    if value is None:
        return DASH
    today = clock.today(me_or_nobody())
    distance = (value - today).days
    if distance in (-1, 0, 1):
        return NEAR_DAYS[distance + 1]
    if 1 < distance < A_WEEK:
        return _dated(value, "EEEE", locale())
    return _written(value, with_year=value.year != today.year)


def day_within(value: date | None) -> str:
    """The same within a sentence: "due tomorrow"."""
    written = day(value)
    return written.lower() if written in NEAR_DAYS else written


def past_day(value: date | None) -> str:
    """A date that has been: its day of the week within a week, else as `day` writes it."""
    distance = (clock.today(me_or_nobody()) - value).days if value else 0
    return _dated(value, "EEEE", locale()) if 1 < distance < A_WEEK else day(value)


def day_of(value: datetime) -> str:
    """The day of a moment in full, as paper keeps it."""
    return _dated(value.astimezone(zone()).date(), "long", locale())


def weekday(value: date | None) -> str:
    """A date that says its day of the week."""
    return DASH if value is None else _dated(value, "EEEE d MMM y", locale())


def weekday_and_day(value: date) -> str:
    """The same in short: Fri 13 Mar."""
    return _dated(value, "EEE d MMM", locale())


def _written(value: date, *, with_year: bool) -> str:
    return _dated(value, "d MMM y" if with_year else "d MMM", locale())


@lru_cache(maxsize=10_000)
def _dated(value: date, pattern: str, locale: Locale) -> str:
    return format_date(value, pattern, locale=locale)


def moment(value: datetime | None) -> str:
    """A moment in the reader's zone, with its year, to the minute."""
    if value is None:
        return DASH
    return f"{_written(value.astimezone(zone()).date(), with_year=True)}, {clock_time(value)}"


def exact_moment(value: datetime, zone: str) -> str:
    """A moment for whoever is elsewhere: its day in full, the time, and in which zone."""
    local = value.astimezone(ZoneInfo(zone))
    name, offset = local.strftime("%Z"), local.strftime("%z")
    spoken = name if name.isalpha() else f"UTC{offset[:3]}:{offset[3:]} ({zone})"
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} {spoken}"


def to_the_minute(value: datetime | None) -> str:
    """A moment to the minute, with the zone that it is said in: for what depends on it."""
    if value is None:
        return DASH
    there = zone()
    said = format_datetime(value, "EEE d MMM y, ", tzinfo=there, locale=locale()) + clock_time(value)
    return f"{said} ({times.clock_of(there)})"


def clock_time(value: datetime | None) -> str:
    return DASH if value is None else format_time(value, "short", tzinfo=zone(), locale=locale())


def hour(value: time | None) -> str:
    """A time of day that belongs to a date, in whichever zone that date is meant."""
    return DASH if value is None else format_time(datetime.combine(date.min, value, UTC), "short", locale=locale())


def when(value: datetime | None) -> str:
    """A moment to come: its day as people say it, and the time."""
    return DASH if value is None else f"{day(value.astimezone(zone()).date())} {clock_time(value)}"


def ago(value: datetime | None) -> str:
    """How far a moment lies from now, within a week; then its date."""
    if value is None:
        return DASH
    distance = value - clock.now()
    if abs(distance) < timedelta(minutes=1):
        return "just now"
    if abs(distance) < timedelta(days=A_WEEK):
        return format_timedelta(distance, add_direction=True, locale=locale())
    local = value.astimezone(zone()).date()
    return _written(local, with_year=local.year != clock.today(me_or_nobody()).year)


def days_since(value: datetime) -> int:
    """Whole days that passed since a moment."""
    return max(0, (clock.now() - value).days)


def due(value: date | None) -> str:
    """Where a day stands to the reader's today, as a class: `overdue`, `today`, `later`, or `undated`."""
    if value is None:
        return "undated"
    today = clock.today(me_or_nobody())
    return "overdue" if value < today else "today" if value == today else "later"


def iso(value: date | datetime | None) -> str:
    """For machines: the `datetime` of a `<time>`, the `value` of a date field."""
    return "" if value is None else value.isoformat()
