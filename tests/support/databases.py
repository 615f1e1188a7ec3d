"""Making a database empty again between tests, in milliseconds, on either kind."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, Engine, event, inspect, text

from pipeline import migrations


class Database:
    """A database with all its tables, that can be emptied again and again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if self.file:
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        migrations.upgrade(engine)
        if self.file:
            self.engine.dispose()
            shutil.copyfile(self.file, self._pattern)
        self.tables = set(inspect(engine).get_table_names()) - {"alembic_version"}

    def empty(self) -> None:
        """Back to tables without rows and counters at the beginning."""
        if self.file:
            self.engine.dispose()
            for suffix in ("-wal", "-shm"):
                self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
            shutil.copyfile(self._pattern, self.file)
            return
        with self.engine.begin() as connection:
            take_rows_out(connection, self.tables)

    @property
    def _pattern(self) -> Path:
        assert self.file is not None
        return self.file.with_suffix(".pattern")


def take_rows_out(connection: Connection, tables: Iterable[str]) -> None:
    """On PostgreSQL; of those tables alone that have any: TRUNCATE makes files anew for every table, filled or not."""
    questions = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))  # noqa: S608
    filled = connection.scalars(text(" UNION ALL ".join(questions))).all()
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no order among tables
    for table in filled:
        connection.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608 — a table's own name, as above
    connection.execute(text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"))
