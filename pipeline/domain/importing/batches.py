"""Running an import: a chunk of rows at a time, so that others can work, progress shows, and a kill loses nothing.

A chunk's rows, verdicts and counts go into one transaction. The counts say how far the batch got: whoever goes on
after a kill goes on from there.
"""

from dataclasses import asdict

from sqlalchemy import delete, insert

from pipeline import clock
from pipeline.domain.importing import plans
from pipeline.domain.importing.chunks import Chunk, Judgement
from pipeline.domain.importing.plans import Plan
from pipeline.domain.importing.reading import Sheet
from pipeline.domain.importing.settings import ImportSettings
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportFile, ImportRow, ImportState, Verdict
from pipeline.models.user import User

ROWS = 400


def draw_up(file_name: str, sheet: Sheet, settings: ImportSettings, *, by: User | None) -> ImportBatch:
    """A batch for a file, not begun yet."""
    batch = ImportBatch(
        file_name=file_name[-255:],
        headers_key=plans.headers_key(sheet),
        settings=settings.model_dump(mode="json"),
        state=ImportState.MAPPING,
        total=len(sheet.rows),
        is_dry_run=False,
        imported=0,
        updated=0,
        unchanged=0,
        rejected=0,
        started_by=by,
        created_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def start(batch: ImportBatch, plan: Plan, *, dry_run: bool) -> None:
    """Begin, or begin again: no row has its verdict yet."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.settings = plan.settings.model_dump(mode="json")
    batch.state = ImportState.RUNNING
    batch.is_dry_run = dry_run
    batch.total = len(plan.sheet.rows)
    batch.imported = batch.updated = batch.unchanged = batch.rejected = 0
    batch.error = batch.finished_at = None


def advance(batch: ImportBatch, plan: Plan, *, by: User | None) -> None:
    """Judge and apply the next chunk of rows. A dry run does the same and takes it back."""
    rows = range(batch.done, min(batch.done + ROWS, batch.total))
    chunk = db.session.begin_nested()
    try:
        judgements = Chunk(plan, by=by).judge(rows)
    except RuleBroken as broken:
        chunk.rollback()
        _finish(batch, ImportState.FAILED, broken.message)
        return
    if batch.is_dry_run:
        chunk.rollback()
    else:
        chunk.commit()
    _write_down(batch, judgements)
    batch.error = None
    if batch.done == batch.total:
        _finish(batch, ImportState.DONE)


def plan_of(batch: ImportBatch) -> Plan:
    """Its file, read again, with what is decided about it."""
    return plans.read(content_of(batch), ImportSettings.model_validate(batch.settings))


def content_of(batch: ImportBatch) -> bytes:
    return db.session.get_one(ImportFile, batch.id).content


def fail(batch: ImportBatch, why: str) -> None:
    """It cannot go on. What went in stays."""
    if batch.is_running:
        _finish(batch, ImportState.FAILED, why)


def discard(batch: ImportBatch) -> None:
    """Forget the batch and its verdicts; what it imported stays."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    db.session.execute(delete(ImportFile).where(ImportFile.batch_id == batch.id))
    db.session.delete(batch)


def _write_down(batch: ImportBatch, judgements: list[Judgement]) -> None:
    for judgement in judgements:
        name = judgement.verdict.value
        setattr(batch, name, getattr(batch, name) + 1)
    kept = [
        asdict(judgement) | {"batch_id": batch.id}
        for judgement in judgements
        if judgement.verdict is not Verdict.UNCHANGED
    ]
    if batch.is_dry_run:
        kept = [row | {"opportunity_id": None} for row in kept]
    if kept:
        db.session.execute(insert(ImportRow), kept)


def _finish(batch: ImportBatch, state: ImportState, error: str | None = None) -> None:
    batch.state = state
    batch.error = error
    batch.finished_at = clock.now()
