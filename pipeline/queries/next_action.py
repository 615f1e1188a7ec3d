"""How urgent the next action of an opportunity is, for the person who looks."""

from datetime import date
from enum import StrEnum


class Due(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    NONE = "none"


def due(day: date | None, today: date) -> Due:
    if day is None:
        return Due.NONE
    if day < today:
        return Due.OVERDUE
    return Due.TODAY if day == today else Due.LATER
