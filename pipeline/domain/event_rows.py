"""An event's row, and the rows of all that it promises.

With each move some are written: past the session's own way, and on PostgreSQL all by one statement.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Subquery,
    bindparam,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert

from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.outbox import Lane, OutboxMessage, PromiseState
from pipeline.transaction import on_postgresql

EVENTS = Event.metadata.tables[Event.__tablename__]
OUTBOX = OutboxMessage.metadata.tables[OutboxMessage.__tablename__]
SAID = {column.name: bindparam(column.name, type_=column.type) for column in EVENTS.c if not column.primary_key}
FRESH = {"lane": Lane.INSIDE, "state": PromiseState.WAITING, "attempts": 0, "losses": 0}

_WRITTEN = insert(EVENTS).values(SAID).returning(EVENTS.c.id)


def write(event: Event, tasks: Sequence[str]) -> None:
    """Write a new event down, and for each of these tasks a promise that tells it which event it follows from."""
    db.session.flush()
    row = {name: getattr(event, name) for name in SAID} | _numbered(tasks)
    if on_postgresql():
        event.id = db.session.execute(_together(len(tasks)), row).scalars().unique().one()
    else:
        event.id = db.session.execute(_WRITTEN, row).scalar_one()
        db.session.execute(_promised(len(tasks)), row | {"id": event.id, "arguments": {"event_id": event.id}})
    make_transient_to_detached(event)
    db.session.add(event)


@cache
def _together(count: int) -> ReturningInsert[int]:
    """Both in one go; it returns the event's number, once for each promise."""
    tasks, made = _tasks(count), _WRITTEN.cte("made")
    arguments = func.json_build_object("event_id", made.c.id)
    return _promises(tasks, tasks.join(made, true()), made.c.id, arguments).returning(OUTBOX.c.event_id)


@cache
def _promised(count: int) -> Insert:
    """The promises of an event that has its number."""
    tasks = _tasks(count)
    arguments = bindparam("arguments", type_=OUTBOX.c.arguments.type)
    return _promises(tasks, tasks, bindparam("id", type_=EVENTS.c.id.type), arguments)


def _promises(tasks: Subquery, source: FromClause, number: ColumnElement[int], arguments: ColumnElement[Any]) -> Insert:
    """So many rows that differ by their task alone."""
    shared = {
        "arguments": arguments,
        "event_id": number,
        "opportunity_id": SAID["opportunity_id"],
        "due_at": SAID["happened_at"],
        "created_at": SAID["happened_at"],
        **{name: literal(value, OUTBOX.c[name].type) for name, value in FRESH.items()},
    }
    rows = select(tasks.c.task, *shared.values()).select_from(source)
    return insert(OUTBOX).from_select(["task", *shared], rows, include_defaults=False)


def _tasks(count: int) -> Subquery:
    named = (select(bindparam(name, type_=OUTBOX.c.task.type).label("task")) for name in _numbered(range(count)))
    return union_all(*named).subquery()


def _numbered(tasks: Sequence[Any]) -> dict[str, Any]:
    return {f"task_{number}": task for number, task in enumerate(tasks)}
