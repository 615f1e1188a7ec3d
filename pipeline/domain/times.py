"""Days and times as sentences of the domain say them: short, where they are meant, in the locale of who reads them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from pipeline import clock
from pipeline.models.user import User

A_WEEK = 7


def day(on: date, today: date, reader: User | None = None) -> str:
    """“today”, “Tuesday”, “3 May”, “3 May 2027”."""
    if on == today:
        return "today"
    if on == today + timedelta(days=1):
        return "tomorrow"
    if 0 < (on - today).days < A_WEEK:
        return format_date(on, "EEEE", locale=_locale(reader))
    return format_date(on, "d MMM" if on.year == today.year else "d MMM y", locale=_locale(reader))


def moment(at: datetime, zone: str | None, reader: User | None) -> str:
    """“today 3:10 PM”; with “their time” where the zone of whom it concerns is known."""
    there = ZoneInfo(zone or (reader.time_zone if reader else "UTC"))
    on = at.astimezone(there).date()
    words = f"{day(on, clock.now().astimezone(there).date(), reader)} {_hour(at, there, reader)}"
    return f"{words}, their time" if zone else words


def at(moment: datetime, reader: User | None) -> str:
    """The time of day, where the reader is: “3:10 PM”."""
    return _hour(moment, ZoneInfo(reader.time_zone if reader else "UTC"), reader)


def clock_of(zone: ZoneInfo) -> str:
    """By whose clock a time is said: “Lisbon time”, or “UTC”."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else f"{place} time"


def _hour(moment: datetime, zone: ZoneInfo, reader: User | None) -> str:
    return format_time(moment, "short", tzinfo=zone, locale=_locale(reader))


def _locale(reader: User | None) -> str:
    return reader.locale.replace("-", "_") if reader and reader.locale else "en"
