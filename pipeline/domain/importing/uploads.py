"""Imports that admins make on a page: the file is kept, mapped, tried, and brought in by the workers chunk by chunk."""

from sqlalchemy import select

from pipeline.domain import access, notifications, outbox
from pipeline.domain.access import Permission
from pipeline.domain.importing import batches, mapping, plans, reading
from pipeline.domain.importing.reading import Sheet
from pipeline.domain.importing.settings import ImportSettings
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportFile, ImportState
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator imports files."
BIGGEST = 30 * 1024 * 1024


def take(file_name: str, content: bytes, *, by: User) -> ImportBatch:
    """Keep a file, mapped as the last one with the same header was, else by what its headers say."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if len(content) > BIGGEST:
        raise RuleBroken("The file is over 30 MB; split it, or use the command line: pipeline import FILE.")
    sheet = reading.read(content)
    if not sheet.rows:
        raise RuleBroken("The file has a header and no rows.")
    batch = batches.draw_up(file_name, sheet, _suggested(sheet, by), by=by)
    db.session.add(ImportFile(batch_id=batch.id, content=content))
    return batch


def find(batch_id: int) -> ImportBatch:
    """A batch whose file is kept here."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or db.session.get(ImportFile, batch_id) is None:
        raise NotVisible("import")
    return batch


def begin(batch: ImportBatch, settings: ImportSettings, *, dry_run: bool, by: User) -> None:
    """Hand it to the workers, from the first row. Refuses what the file contradicts, and a batch that is running."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    db.session.refresh(batch, with_for_update=True)
    if batch.is_running:
        raise RuleBroken("It is running already.")
    plan = plans.read(batches.content_of(batch), settings)
    batch.started_by = by
    batches.start(batch, plan, dry_run=dry_run)
    outbox.put("importing.advance", batch_id=batch.id)


def go_on(batch_id: int) -> None:
    """Bring in the next chunk and promise the one after it."""
    batch = db.session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or not batch.is_running:
        return
    batches.advance(batch, batches.plan_of(batch), by=batch.started_by)
    if batch.is_running:
        outbox.put("importing.advance", batch_id=batch.id)
    elif batch.started_by:
        notifications.tell(batch.started_by, summary(batch), purpose=f"import:{batch.id}:{batch.finished_at}")


def summary(batch: ImportBatch) -> str:
    """How it ended, in a sentence."""
    if batch.state is ImportState.FAILED:
        return f"The import of {batch.file_name} stopped: {batch.error}"
    what = "Dry run" if batch.is_dry_run else "Import"
    return (
        f"{what} of {batch.file_name}: imported {batch.imported}, updated {batch.updated}, "
        f"unchanged {batch.unchanged}, rejected {batch.rejected}."
    )


def _suggested(sheet: Sheet, by: User) -> ImportSettings:
    before = db.session.scalar(
        select(ImportBatch)
        .where(ImportBatch.headers_key == plans.headers_key(sheet), ImportBatch.state != ImportState.MAPPING)
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    if before is not None:
        return ImportSettings.model_validate(before.settings).model_copy(update={"time_zone": by.time_zone})
    return ImportSettings(columns=mapping.suggest(sheet.headers), time_zone=by.time_zone)
