"""One row of a file as an opportunity to be: what it says, typed, and what is wrong with it, all of it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from pipeline import clock
from pipeline.domain.importing import dates
from pipeline.domain.importing.dates import Moment
from pipeline.domain.importing.fields import LABELS, LONGEST, Field
from pipeline.domain.importing.mapping import Columns
from pipeline.domain.importing.reading import Row
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Status

T = TypeVar("T")
Said = dict[str, str]
"""Field → the cell's text, without the empty ones."""

STATUSES = {
    "open": Status.OPEN,
    "active": Status.OPEN,
    "won": Status.WON,
    "closed won": Status.WON,
    "lost": Status.LOST,
    "closed lost": Status.LOST,
    "abandoned": Status.ABANDONED,
}
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Conventions:
    """How this file writes things, decided over whole columns: dates by field, the sign of cents by field."""

    columns: Columns
    orders: dict[Field, dates.Order]
    cents: dict[Field, str | None]
    date_format: str | None
    time_zone: str


@dataclass
class Draft:
    line: int
    said: Said
    problems: list[str] = field(default_factory=list)
    status: Status | None = None
    created: datetime | None = None
    closed: datetime | None = None
    closed_on: date | None = None
    expected_close: date | None = None
    next_action_on: date | None = None
    next_action_at: time | None = None

    def text(self, wanted: Field) -> str:
        """What the row says about a field; an empty text where it says nothing."""
        return self.said.get(wanted, "")

    def attempt(self, act: Callable[[], T], about: str = "") -> T | None:
        """Do it; a rule that forbids it becomes one more problem of this row."""
        try:
            return act()
        except RuleBroken as broken:
            problem = about + broken.message
            if problem not in self.problems:
                self.problems.append(problem)
            return None

    @property
    def names_contact(self) -> bool:
        return any(self.text(wanted) for wanted in (Field.CONTACT, Field.COMPANY, Field.EMAIL))


def said_by(row: Row, headers: list[str], columns: Columns) -> Said:
    """The mapped cells of a row that say something. An empty cell says nothing and changes nothing."""
    places = {header: place for place, header in enumerate(headers)}
    cells = {wanted: row.cells[places[header]] for wanted, header in columns.items() if places[header] < len(row.cells)}
    return {str(wanted): cell for wanted, cell in sorted(cells.items()) if cell}


def identity(said: Said, seen_before: int) -> str:
    """What knows a row again: its external id, else all it says, and which of several equal rows it is."""
    if external_id := said.get(Field.EXTERNAL_ID):
        return external_id
    text = json.dumps([said, seen_before], sort_keys=True)
    return f"row:{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def read(row: Row, headers: list[str], conventions: Conventions) -> Draft:
    """The draft of a row, with every problem that the row alone shows."""
    draft = Draft(row.line, said_by(row, headers, conventions.columns))
    if len(row.cells) != len(headers):
        draft.problems.append(
            f"It has {len(row.cells)} cells where the header has {len(headers)}: "
            "look for a missing or extra separator, or a quote."
        )
        return draft
    _refuse_too_long(draft)
    _read_status(draft)
    _read_dates(draft, conventions)
    return draft


def _refuse_too_long(draft: Draft) -> None:
    for wanted, most in LONGEST.items():
        if len(draft.text(wanted)) > most:
            draft.problems.append(f"{LABELS[wanted]} has {len(draft.text(wanted))} letters; at most {most} fit.")


def _read_status(draft: Draft) -> None:
    word = " ".join(draft.text(Field.STATUS).casefold().replace("-", " ").replace("_", " ").split())
    if not word:
        return
    draft.status = STATUSES.get(word)
    if draft.status is None:
        draft.problems.append(f"“{draft.text(Field.STATUS)}” is no status; it is one of open, won, lost or abandoned.")


def _read_dates(draft: Draft, conventions: Conventions) -> None:
    expected = _moment(draft, Field.EXPECTED_CLOSE, conventions)
    created = _moment(draft, Field.CREATED, conventions)
    closed = _moment(draft, Field.CLOSED, conventions)
    action = _moment(draft, Field.NEXT_ACTION_AT, conventions)
    draft.expected_close = expected.day if expected else None
    draft.created = dates.instant(created, conventions.time_zone) if created else None
    draft.closed = dates.instant(closed, conventions.time_zone) if closed else None
    draft.closed_on = closed.day if closed else None
    draft.next_action_on = action.day if action else None
    draft.next_action_at = action.at.time() if action and action.at else None
    if created and closed and closed.day < created.day:
        draft.problems.append(f"It was closed on {closed.day}, before it was created on {created.day}.")
    if draft.created and draft.created > clock.now() + A_DAY:
        draft.problems.append(f"It was created on {draft.text(Field.CREATED)}, which is still to come.")


def _moment(draft: Draft, wanted: Field, conventions: Conventions) -> Moment | None:
    text = draft.text(wanted)
    if not text:
        return None
    moment = dates.parse(text, conventions.orders.get(wanted), conventions.date_format)
    if moment is None:
        draft.problems.append(f"{LABELS[wanted]}: “{text}” is not a date{_expectation(wanted, conventions)}.")
    return moment


def _expectation(wanted: Field, conventions: Conventions) -> str:
    if conventions.date_format:
        return f" like {conventions.date_format}"
    order = conventions.orders.get(wanted)
    return f"; this column writes {order}/year" if order else ""
