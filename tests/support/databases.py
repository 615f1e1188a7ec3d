"""Making a database empty again between tests, in milliseconds, on either kind."""

import shutil
from pathlib import Path

from sqlalchemy import Engine, text

from pipeline import migrations
from pipeline.models.base import Base


class Database:
    """A database with all its tables, that can be emptied again and again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        migrations.upgrade(engine)
        self.file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if self.file:
            self.engine.dispose()
            shutil.copyfile(self.file, self._pattern)
        tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        self._truncation = text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")

    def empty(self) -> None:
        """Back to tables without rows and counters at the beginning."""
        if self.file:
            self.engine.dispose()
            for suffix in ("-wal", "-shm"):
                self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
            shutil.copyfile(self._pattern, self.file)
            return
        with self.engine.begin() as connection:
            connection.execute(self._truncation)

    @property
    def _pattern(self) -> Path:
        assert self.file is not None
        return self.file.with_suffix(".pattern")
