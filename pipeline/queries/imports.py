"""What the import pages show: the imports so far, what a file looks like, and which rows were rejected, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from pipeline.domain.importing.reading import Sheet
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportFile, ImportRow, Verdict
from pipeline.models.pipeline import Pipeline

PAGE = 50
SAMPLES = 3


@dataclass(frozen=True)
class Column:
    """A column of the file with the first different things that stand in it."""

    header: str
    samples: list[str]


@dataclass(frozen=True)
class Line:
    """An import, and whether its file is kept here: those of the command line are not."""

    batch: ImportBatch
    is_kept: bool


@dataclass(frozen=True)
class Rejects:
    rows: Sequence[ImportRow]
    total: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def has_more(self) -> bool:
        return self.last < self.total


def recent() -> list[Line]:
    """The last imports, newest first."""
    is_kept = exists().where(ImportFile.batch_id == ImportBatch.id)
    found = db.session.execute(
        select(ImportBatch, is_kept)
        .options(joinedload(ImportBatch.started_by))
        .order_by(ImportBatch.id.desc())
        .limit(PAGE)
    )
    return [Line(batch, kept) for batch, kept in found]


def pipelines() -> list[Pipeline]:
    """Those that an import may go into."""
    return list(db.session.scalars(select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position)))


def columns(sheet: Sheet) -> list[Column]:
    return [Column(header, _samples(sheet, place)) for place, header in enumerate(sheet.headers)]


def rejects(batch: ImportBatch, page: int = 1) -> Rejects:
    """A page of the rejected rows, in the file's order."""
    of_batch = (ImportRow.batch_id == batch.id) & (ImportRow.verdict == Verdict.REJECTED)
    rows = db.session.scalars(
        select(ImportRow).where(of_batch).order_by(ImportRow.line).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    return Rejects(rows, db.session.scalar(select(func.count(ImportRow.id)).where(of_batch)) or 0, page)


def every_reject(batch: ImportBatch) -> list[tuple[list[str], str]]:
    """The cells and the reason of each rejected row, for the file of rejects."""
    rows = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == Verdict.REJECTED)
        .order_by(ImportRow.line)
    )
    return [(row.cells or [], row.reason or "") for row in rows]


def _samples(sheet: Sheet, place: int) -> list[str]:
    found: dict[str, None] = {}
    for row in sheet.rows[:200]:
        if len(row.cells) > place and row.cells[place]:
            found[row.cells[place][:60]] = None
        if len(found) == SAMPLES:
            break
    return list(found)
