"""Restoring a backup: tables as they were, rows put back, then brought up to date; all in one transaction."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DataError, IntegrityError

from pipeline import kept, migrations
from pipeline.backups import archive, tables
from pipeline.backups.archive import ROWS, SECRET, Damaged, Manifest
from pipeline.backups.values import inward
from pipeline.domain.rules import RuleBroken

AT_A_TIME = 500


def restore(engine: Engine, file: Path, *, replace: bool = False) -> tuple[Manifest, str]:
    """Put everything back, and say what it was and its secret key.

    Refuses a file that is damaged or of a newer version, and without `replace` a database that is in use; having
    refused, has changed nothing.
    """
    manifest = archive.examine(file)
    if not migrations.knows(manifest.revision):
        raise RuleBroken("This backup was made by a newer version of Pipeline. Nothing was changed.")
    try:
        return manifest, _put_back(engine, file, manifest, replace=replace)
    except (DataError, IntegrityError, LookupError) as error:
        raise Damaged(file) from error


def _put_back(engine: Engine, file: Path, manifest: Manifest, *, replace: bool) -> str:
    with archive.opened(file) as members, tables.one_transaction(engine) as connection:
        if not replace and tables.are_in_use(connection):
            raise RuleBroken("There is something in this database already. Add --replace to throw it away for good.")
        tables.drop_all(connection)
        migrations.upgrade_to(connection, manifest.revision)
        existing = {table.name: table for table in tables.found(connection)}
        with tables.references_later(connection):
            secret = _load(connection, existing, members)
        tables.count_on(connection, list(existing.values()))
        migrations.upgrade_to(connection, "head")
        kept.rebuild(connection)
        kept.install(connection)
    return secret


def _load(connection: Connection, existing: dict[str, Table], members: Iterator[tuple[str, IO[bytes]]]) -> str:
    secret = ""
    for name, content in members:
        if name == SECRET:
            secret = content.read().decode().strip()
        elif name.endswith(ROWS):
            table = existing[name.removesuffix(ROWS)]
            _clear(connection, table)
            for batch in _batches(content, table, connection.dialect.name):
                connection.execute(table.insert(), batch)
    return secret


def _clear(connection: Connection, table: Table) -> None:
    """A migration may have put rows in."""
    connection.execute(table.delete())


def _batches(content: IO[bytes], table: Table, dialect: str) -> Iterator[list[dict[str, Any]]]:
    names: list[str] = json.loads(content.readline())
    shapers = [inward(table.columns[name], dialect) for name in names]
    while lines := list(islice(content, AT_A_TIME)):
        yield [_row(names, shapers, json.loads(line)) for line in lines]


def _row(names: list[str], shapers: list[Callable[[Any], Any] | None], values: list[Any]) -> dict[str, Any]:
    return {
        name: value if value is None or shaper is None else shaper(value)
        for name, shaper, value in zip(names, shapers, values, strict=True)
    }
