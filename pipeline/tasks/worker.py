"""The worker: takes numbers of promises from its queues and keeps them, in one process that loads the app once.

RQ's forking worker runs 25–120 jobs a second, the one that does not fork 500; a job here is already put under a
transaction and a lease, so that forking would protect nothing that is not protected.
"""

import signal
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from sqlalchemy.exc import DBAPIError

from pipeline import create_app, tasks
from pipeline.domain import beats
from pipeline.models.outbox import Lane
from pipeline.settings import Settings
from pipeline.tasks import queues
from pipeline.transaction import transaction

BEATS_EVERY = 5.0
PAUSE = 1.0

log = structlog.get_logger(__name__)


class Worker(SimpleWorker):
    """It looks up once a second, so that it can stop without dropping a job that it took."""

    max_connection_wait_time = 2.0

    def __init__(self, app: Flask, stopping: threading.Event, **options: Any) -> None:
        self.app = app
        self.stopping = stopping
        self.beaten_at = 0.0
        if threading.current_thread() is not threading.main_thread():
            self.death_penalty_class = TimerDeathPenalty  # where no signal can end a job that takes too long
        super().__init__(serializer=JSONSerializer, **options)

    @property
    def dequeue_timeout(self) -> int:
        return 1

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job; none when told to stop."""
        while not self.stopping.is_set():
            found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time=1)
            if found is not None or timeout is None:
                return found
        return None

    def execute_job(self, job: Job, queue: Queue) -> None:
        super().execute_job(job, queue)
        self._stop_requested = self.stopping.is_set()

    def heartbeat(self, *arguments: Any, **options: Any) -> None:
        """RQ calls this between jobs and each second when idle. Its sign of life goes to the database as well."""
        if time.monotonic() - self.beaten_at >= BEATS_EVERY:
            self.beaten_at = time.monotonic()
            beat(self.app)
        try:
            super().heartbeat(*arguments, **options)
        except RedisError:
            if self.stopping.is_set():
                raise StopRequested from None
            raise

    def _install_signal_handlers(self) -> None:
        """`run` has its own: finish the batch in hand, then stop; asked twice, still finish it."""


def run(settings: Settings, lanes: Sequence[Lane] = tuple(Lane), app: Flask | None = None) -> None:
    """The worker process, until it is told to stop, by default with its own application. It waits for its queue."""
    tasks.load()
    app = app or create_app(settings)
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    keep_working(app, stopping, settings, lanes)


def keep_working(app: Flask, stopping: threading.Event, settings: Settings, lanes: Sequence[Lane]) -> None:
    """Do what the lanes bring until told to stop; in any thread."""
    with app.app_context():
        while not stopping.is_set():
            work(app, stopping, settings, lanes)
        say_goodbye()


def work(app: Flask, stopping: threading.Event, settings: Settings, lanes: Sequence[Lane]) -> None:
    connection = queues.connect(queues.address(settings))
    try:
        own = [queues.queue(lane, connection) for lane in lanes]
        Worker(app, stopping, queues=own, connection=connection).work(logging_level="WARNING")
    except RedisError as error:
        log.warning("worker waits for the queue", error=str(error))
        stopping.wait(PAUSE)


def beat(app: Flask) -> None:
    try:
        with app.app_context(), transaction():
            beats.beat(beats.WORKER)
    except DBAPIError:
        log.warning("worker could not write its sign of life")


def say_goodbye() -> None:
    try:
        with transaction():
            beats.stop(beats.WORKER)
    except DBAPIError:
        log.warning("worker could not sign off")
