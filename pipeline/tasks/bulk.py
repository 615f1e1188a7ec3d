"""Changing many, a chunk to a promise: each happens once, and a worker that dies leaves the rest to others."""

from pipeline.domain.bulk import runs
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkRun
from pipeline.models.outbox import PromiseState
from pipeline.tasks import task

RESTING = {PromiseState.DEAD, PromiseState.REFUSED}


def told(state: PromiseState, remark: str, run_id: int) -> None:
    run = db.session.get(BulkRun, run_id)
    if run is not None and state in RESTING:
        runs.stop(run, remark)
    elif run is not None and run.is_running:
        run.error = remark


@task(runs.ADVANCE, told=told)
def advance(run_id: int) -> None:
    runs.go_on(run_id)
