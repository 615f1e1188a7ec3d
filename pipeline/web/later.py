"""Some time later: the days that a person may choose with one press, or any other as a date."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from pipeline import clock
from pipeline.domain.rules import RuleBroken
from pipeline.models.user import User


class Later(NamedTuple):
    words: str
    day: date


def choices(person: User) -> list[Later]:
    """By the calendar of whoever chooses."""
    today = clock.today(person)
    return [
        Later("Tomorrow", today + timedelta(days=1)),
        Later("Next week", today + timedelta(days=7 - today.weekday())),
        Later("In a month", _months_after(today, 1)),
        Later("In 3 months", _months_after(today, 3)),
    ]


def chosen(sent: "MultiDict[str, str]") -> date | None:
    """The day that was sent; none when it is to be taken back."""
    word = sent.get("day", "").strip()
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise RuleBroken("That is not a day; choose one from the calendar.") from None


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or its last where the month is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
