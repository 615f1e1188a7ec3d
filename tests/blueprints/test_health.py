"""What watches the machines hears the truth: alive is not ready, and each cause of not being ready is named."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pipeline import clock, create_app
from pipeline.domain import beats, outbox
from pipeline.extensions import db
from pipeline.models.outbox import Heartbeat, PromiseState
from pipeline.settings import Settings
from pipeline.transaction import transaction

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    present = clock.now()
    with clock.frozen(present):
        yield present


def beat(*roles: str, ago: timedelta = timedelta()) -> None:
    with transaction():
        for role in roles:
            db.session.add(Heartbeat(process=f"{role}@somewhere:1", role=role, beat_at=clock.real() - ago))


def test_a_live_process_says_so_and_asks_nothing_of_the_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_with_worker_and_relay_alive_and_no_old_work_it_is_ready(client: FlaskClient) -> None:
    beat(beats.WORKER, beats.RELAY, ago=MINUTE / 2)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "ready": True,
        "database": "ok",
        "silent": [],
        "oldest_due_seconds": 0,
        "troubles": [],
    }


@pytest.mark.parametrize("silent", [beats.WORKER, beats.RELAY])
def test_a_role_that_never_gave_a_sign_of_life_is_named(client: FlaskClient, silent: str) -> None:
    beat(*{beats.WORKER, beats.RELAY} - {silent})

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["silent"] == [silent]


@pytest.mark.parametrize("silent", [beats.WORKER, beats.RELAY])
def test_a_role_silent_for_over_a_minute_is_named(client: FlaskClient, silent: str) -> None:
    beat(*{beats.WORKER, beats.RELAY} - {silent})
    beat(silent, ago=MINUTE + timedelta(seconds=1))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["silent"] == [silent]


def test_one_of_two_workers_that_is_silent_troubles_nobody(client: FlaskClient) -> None:
    beat(beats.WORKER, beats.RELAY)
    with transaction():
        db.session.add(Heartbeat(process="worker@gone:2", role=beats.WORKER, beat_at=clock.real() - 9 * MINUTE))

    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(("waited", "status"), [(4 * MINUTE, 200), (5 * MINUTE + MINUTE / 60, 503)])
def test_work_that_waits_for_over_five_minutes_is_trouble(client: FlaskClient, waited: timedelta, status: int) -> None:
    beat(beats.WORKER, beats.RELAY)
    with transaction():
        outbox.put("housekeeping.tidy", due_at=clock.now() - waited)

    answer = client.get("/readyz")

    assert answer.status_code == status
    assert answer.get_json()["oldest_due_seconds"] == waited.total_seconds()


def test_work_that_was_handed_over_and_never_done_is_trouble_too(client: FlaskClient) -> None:
    beat(beats.WORKER, beats.RELAY)
    with transaction():
        outbox.put("housekeeping.tidy", due_at=clock.now() - 6 * MINUTE).state = PromiseState.HANDED

    assert client.get("/readyz").status_code == 503


def test_work_that_is_due_later_troubles_nobody(client: FlaskClient) -> None:
    beat(beats.WORKER, beats.RELAY)
    with transaction():
        outbox.put("housekeeping.tidy", due_at=clock.now() + 60 * MINUTE)

    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:9/none"])
def test_without_its_database_it_is_alive_and_not_ready(settings: Settings, url: str) -> None:
    lost = create_app(Settings(instance=settings.instance, database_url=url, secret_key=settings.secret_key))
    client = lost.test_client()

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "unreachable")


def test_the_answers_of_the_machines_are_kept_in_no_cache(app: Flask, client: FlaskClient) -> None:
    assert client.get("/readyz").headers["Cache-Control"] == "no-store"
