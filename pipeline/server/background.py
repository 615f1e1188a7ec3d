"""The relay and a worker for each lane, as threads of one process: half the memory of a process each.

Each lane has a thread of its own, so that a slow mail server keeps nothing else waiting. When a thread fails, the whole
process ends, and the supervisor starts it again: promises come back by their leases, whoever had them in hand.
"""

import os
import signal
import threading
from collections.abc import Callable
from functools import partial

import structlog
from flask import Flask
from redis.exceptions import RedisError

from pipeline import tasks
from pipeline.models.outbox import Lane
from pipeline.settings import Settings
from pipeline.tasks import queues, worker
from pipeline.tasks.relay import Relay

PAUSE = 0.1
TRIES = 50

log = structlog.get_logger(__name__)


def run(settings: Settings, app: Flask) -> None:
    """Until it is told to stop; then each thread finishes what it has in hand."""
    tasks.load()
    relay = Relay(app, queues.address(settings))
    signal.signal(signal.SIGTERM, lambda *_: relay.stopping.set())
    signal.signal(signal.SIGINT, lambda *_: relay.stopping.set())
    parts = {"relay": relay.run} | {
        f"worker {lane}": partial(worker.keep_working, app, relay.stopping, settings, (lane,)) for lane in Lane
    }
    threads = [threading.Thread(target=_live, args=part, name=part[0], daemon=True) for part in parts.items()]
    _await_queue(queues.address(settings), relay.stopping)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _await_queue(address: str, stopping: threading.Event) -> None:
    """One that starts at the same moment is not worth a warning; one that is not there later is."""
    queue = queues.connect(address)
    for _ in range(TRIES):
        try:
            queue.ping()
        except RedisError:
            stopping.wait(PAUSE)
        else:
            return


def _live(name: str, part: Callable[[], None]) -> None:
    try:
        part()
    except BaseException:
        log.exception("thread failed", name=name)
        os._exit(1)
