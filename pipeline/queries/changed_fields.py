"""How a changed field is read back: its name on screen, and its values typed again for the reader's locale."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from pipeline.domain import money
from pipeline.domain.changes import MONEY, name_of
from pipeline.domain.facts import Change

DAYS = {"expected_close", "next_action_on", "due_on", "wake_on"}
TIMES = {"next_action_at", "due_at"}


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as it was: minor units of a currency."""

    minor: int
    currency: str


Value = Amount | date | time | str


@dataclass(frozen=True, slots=True)
class ChangedField:
    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Clash:
    """What someone else made of the fields that the person was changing; `before` is theirs, `after` the person's."""

    message: str
    at: datetime | None
    fields: list[ChangedField]


def read_back(changes: list[Change]) -> list[ChangedField]:
    """Each change with its name on screen and both its values."""
    return [
        ChangedField(name_of(change.field), _typed(change.field, change.before), _typed(change.field, change.after))
        for change in changes
    ]


def _typed(field: str, written: str) -> Value:
    try:
        if field in MONEY and written:
            amount, _, currency = written.partition(" ")
            return Amount(money.minor(Decimal(amount), currency), currency)
        if field in DAYS and written:
            return date.fromisoformat(written)
        if field in TIMES and written:
            return time.fromisoformat(written)
    except (ValueError, InvalidOperation):
        return written
    return f"{written} %" if field == "probability_override" and written else written
