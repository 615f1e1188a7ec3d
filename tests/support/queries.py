"""Counting what is asked of the database: `with counted() as asked: …; assert len(asked) == 3`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from pipeline.extensions import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every SELECT and change sent while the block lasts; a fresh session does not remember what was read before."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
            asked.append(statement)

    db.session.rollback()
    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
