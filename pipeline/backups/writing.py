"""Writing a backup: everything as it was at one moment, while people go on working."""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, Table, select

from pipeline import clock, migrations
from pipeline.backups import archive, tables
from pipeline.backups.archive import CHECKSUMS, MANIFEST, ROWS, SECRET, Manifest
from pipeline.backups.values import outward
from pipeline.domain.rules import RuleBroken

AT_A_TIME = 1000
IN_MEMORY = 8 << 20


def write(engine: Engine, file: Path, *, secret_key: str) -> Manifest:
    """Write the file, readable by its owner only, and whole or not at all."""
    with _draft(file) as draft, _one_moment(engine) as connection:
        existing = tables.found(connection)
        manifest = Manifest(
            format=archive.FORMAT,
            version=version("pipeline"),
            revision=migrations.revision(connection) or "",
            made_at=clock.real(),
            tables={table.name: tables.count(connection, table) for table in existing},
        )
        with tarfile.open(fileobj=draft, mode="w:gz", compresslevel=6) as tar:
            _put(tar, connection, existing, manifest, secret_key)
    return manifest


def _put(
    tar: tarfile.TarFile, connection: Connection, existing: list[Table], manifest: Manifest, secret_key: str
) -> None:
    at = manifest.made_at
    _text(tar, MANIFEST, manifest.model_dump_json(indent=1), at)
    sums = {SECRET: _text(tar, SECRET, secret_key, at)}
    for table in existing:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as rows:
            for line in _lines(connection, table):
                rows.write(line)
            sums[f"{table.name}{ROWS}"] = archive.add(tar, f"{table.name}{ROWS}", rows, at=at)
    _text(tar, CHECKSUMS, json.dumps(sums, indent=1), at)


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """A row a line, in the order of its key. The first line names the columns."""
    yield _line([column.name for column in table.columns])
    everything = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_A_TIME)
    for row in connection.execute(everything):
        yield _line([outward(value) for value in row])


def _line(values: list[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _text(tar: tarfile.TarFile, name: str, text: str, at: datetime) -> str:
    return archive.add(tar, name, io.BytesIO(text.encode()), at=at)


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """A read transaction that sees nothing of what is written meanwhile."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _draft(file: Path) -> Iterator[IO[bytes]]:
    """A file beside it that takes its place at the end, and goes away when something fails."""
    try:
        handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}-")
    except OSError as error:
        raise RuleBroken(f"{file} cannot be written: {error.strerror}.") from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as writer:
            yield writer
            writer.flush()
            os.fsync(writer.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
