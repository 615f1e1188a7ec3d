"""Days and times as sentences of the domain say them: short, and where they are meant."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline import clock
from pipeline.models.user import User

A_WEEK = 7


def day(on: date, today: date) -> str:
    """“today”, “Tuesday”, “3 May”, “3 May 2027”."""
    if on == today:
        return "today"
    if on == today + timedelta(days=1):
        return "tomorrow"
    if 0 < (on - today).days < A_WEEK:
        return f"{on:%A}"
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"


def moment(at: datetime, zone: str | None, otherwise: User | None) -> str:
    """“today 15:10”; with “their time” where the zone of whom it concerns is known."""
    there = ZoneInfo(zone or (otherwise.time_zone if otherwise else "UTC"))
    local = at.astimezone(there)
    words = f"{day(local.date(), clock.now().astimezone(there).date())} {local:%H:%M}"
    return f"{words}, their time" if zone else words


def at(moment: datetime, reader: User | None) -> str:
    """The time of day, where the reader is: “15:10”."""
    return f"{moment.astimezone(ZoneInfo(reader.time_zone if reader else 'UTC')):%H:%M}"


def clock_of(zone: ZoneInfo) -> str:
    """By whose clock a time is said: “Lisbon time”, or “UTC”."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else f"{place} time"
