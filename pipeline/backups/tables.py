"""A database's tables as they are, whatever the models of this version say: an older backup has older tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, MetaData, Table, func, inspect, select, text
from sqlalchemy.dialects.postgresql import JSONB

from pipeline import kept, references

OWN = "alembic_version"
PASSING = {OWN, "heartbeats", *kept.TABLES}
NOT_YET_USED = {*PASSING, "outbox", "installation"}
FOREIGN_KEYS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND connamespace = "
PATIENCE = "20s"
HERE = "current_schema()::regnamespace"


def found(connection: Connection) -> list[Table]:
    """Every table with its columns and primary key, except those that mean nothing elsewhere."""
    names = inspect(connection).get_table_names()
    return [_table(connection, name) for name in sorted(names) if name not in PASSING]


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def are_in_use(connection: Connection) -> bool:
    """Whether anybody has put anything in; what a start alone leaves behind does not count."""
    used = (table for table in found(connection) if table.name not in NOT_YET_USED)
    return any(connection.execute(select(table).limit(1)).first() for table in used)


@contextmanager
def one_transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing, tables included; gives up soon when somebody is at work in a table."""
    with references.one_transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        yield connection


@contextmanager
def references_later(connection: Connection) -> Iterator[None]:
    """On PostgreSQL, look references over once the rows are in, so that rows may come in any order."""
    if connection.dialect.name != "postgresql":
        yield
        return
    names = connection.execute(text(FOREIGN_KEYS + HERE)).all()
    for table, name in names:
        connection.exec_driver_sql(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED')
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in names:
        connection.exec_driver_sql(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" NOT DEFERRABLE')


def drop_all(connection: Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote
    manner = " CASCADE" if connection.dialect.name == "postgresql" else ""
    kept.remove(connection)
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE {quote(name)}{manner}")


def count_on(connection: Connection, tables: list[Table]) -> None:
    """Let new rows be numbered after those that came in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" not in table.columns:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        highest = connection.scalar(select(func.max(table.columns.id)))
        if sequence and highest:
            connection.execute(select(func.setval(sequence, highest)))


def _table(connection: Connection, name: str) -> Table:
    seen = inspect(connection)
    keys = seen.get_pk_constraint(name)["constrained_columns"]
    columns = [
        Column(column["name"], _type(column), primary_key=column["name"] in keys, autoincrement=False)
        for column in seen.get_columns(name)
        if "computed" not in column
    ]
    return Table(name, MetaData(), *columns)


def _type(column: Any) -> Any:
    kind = column["type"]
    if isinstance(kind, JSONB):
        return JSONB(none_as_null=column["nullable"])
    return JSON(none_as_null=column["nullable"]) if isinstance(kind, JSON) else kind
