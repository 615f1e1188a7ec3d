"""Changing tables while rows refer to each other: references are looked over once, at the end of one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from pipeline.sessions import WRITES


@contextmanager
def one_transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing, tables included.

    SQLite changes most of a table by making it anew, which it would refuse while others refer to its rows.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        if is_sqlite:
            _heed(connection, "OFF")
        try:
            with connection.begin():
                yield connection
                if is_sqlite:
                    _refuse_loose(connection)
        finally:
            if is_sqlite:
                _heed(connection, "ON")


def _heed(connection: Connection, state: str) -> None:
    """Outside a transaction, where SQLite listens to it."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys = {state}")


def _refuse_loose(connection: Connection) -> None:
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose:
        raise ValueError(f"rows of {loose[0]} refer to rows of {loose[2]} that are not there")
