"""Some time later: the days that a person may choose with one press, or any other as a date. Both send `day`."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Optional

from pipeline import clock
from pipeline.models.user import User
from pipeline.web.fields import DayField


class Later(NamedTuple):
    words: str
    day: date


class LaterForm(FlaskForm):  # type: ignore[misc]
    """No day takes one back."""

    day = DayField("Or on", [Optional()])


class SnoozeForm(FlaskForm):  # type: ignore[misc]
    day = DayField("Or on", [InputRequired("Choose a day on which it shall stand here again.")])


def choices(person: User) -> list[Later]:
    """By the calendar of whoever chooses."""
    today = clock.today(person)
    return [
        Later("Tomorrow", today + timedelta(days=1)),
        Later("Next week", today + timedelta(days=7 - today.weekday())),
        Later("In a month", _months_after(today, 1)),
        Later("In 3 months", _months_after(today, 3)),
    ]


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or its last where the month is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
