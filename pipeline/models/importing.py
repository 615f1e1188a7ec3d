"""An import of a file: how its columns map, how far it got, and the verdict on every row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, choice
from pipeline.models.user import User


class ImportState(StrEnum):
    MAPPING = "mapping"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Verdict(StrEnum):
    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class ImportBatch(Numbered):
    """One file and how it is imported. Counts are of verdicts so far; together they say how far it got.

    `settings` holds the `domain.importing` settings as JSON; `headers_key` is the same for files with the same header.
    """

    __tablename__ = "import_batches"

    file_name: Mapped[str] = mapped_column(String(255))
    headers_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.MAPPING)
    is_dry_run: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    started_by: Mapped[User | None] = relationship()

    @property
    def done(self) -> int:
        """How many rows have their verdict."""
        return self.imported + self.updated + self.unchanged + self.rejected

    @property
    def is_running(self) -> bool:
        return self.state is ImportState.RUNNING


class ImportFile(Base):
    """The file itself, in the database so that a worker on another host can read it."""

    __tablename__ = "import_files"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Numbered):
    """The verdict on one row that is not unchanged; for a rejected one, why, and what the row said."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_batch", "batch_id", "verdict", "line"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"))
    line: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    reason: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[list[str] | None] = mapped_column(JSON)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)


class ImportOrigin(Base):
    """Where an imported opportunity comes from, and what its row said last: only what differs from that is a change."""

    __tablename__ = "import_origins"
    __table_args__ = (UniqueConstraint("system", "key"),)

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True)
    system: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    said: Mapped[dict[str, str]] = mapped_column(JSON)
