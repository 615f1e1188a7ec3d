"""An import of a file: how its columns map, how far it got, and the verdict on every row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Instant, Numbered, choice


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
    """`settings` holds the typed `domain.importing` settings as JSON; counts are of verdicts so far."""

    __tablename__ = "import_batches"

    file_name: Mapped[str] = mapped_column(String(255))
    stored_as: Mapped[str | None] = mapped_column(String(255))
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


class ImportRow(Numbered):
    """The verdict on one row, kept for rejected rows (with what the row said) and for revert."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_batch", "batch_id", "verdict", "line"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"))
    line: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    reason: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[list[str] | None] = mapped_column(JSON)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
