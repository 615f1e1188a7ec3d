"""Bringing in a file, a chunk to a promise: each happens once, and a worker that dies leaves the rest to others."""

from pipeline.domain.importing import batches, uploads
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch
from pipeline.models.outbox import PromiseState
from pipeline.tasks import task

RESTING = {PromiseState.DEAD, PromiseState.REFUSED}


def told(state: PromiseState, remark: str, batch_id: int) -> None:
    batch = db.session.get(ImportBatch, batch_id)
    if batch is not None and state in RESTING:
        batches.fail(batch, remark)
    elif batch is not None and batch.is_running:
        batch.error = remark


@task("importing.advance", told=told)
def advance(batch_id: int) -> None:
    uploads.go_on(batch_id)
