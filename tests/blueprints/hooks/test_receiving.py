"""Providers' calls: verified over their very bytes, taken in once, and only a reason to look."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pipeline import clock
from pipeline.domain.paying import attempts
from pipeline.extensions import db
from pipeline.gateways import cashier, sandbox_calls
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.models.outbox import Lane, OutboxMessage
from pipeline.models.payment import CheckoutAttempt, ProviderEvent
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.support import buying


@pytest.fixture
def attempt(app: Flask, settings: Settings) -> CheckoutAttempt:
    """One that is open at the sandbox."""
    link = buying.offer()
    with transaction():
        begun = attempts.begin(link, SandboxGateway(settings))
    return cashier.open_session(begun.id, settings)


def call(client: FlaskClient, settings: Settings, body: bytes, signature: str = "") -> TestResponse:
    signature = signature or SandboxGateway(settings).sign(body)
    return client.post("/hooks/sandbox", data=body, headers={"Sandbox-Signature": signature})


def events() -> list[ProviderEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(ProviderEvent).order_by(ProviderEvent.id)))


def looks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.task == attempts.LOOK)) or 0


def test_a_call_is_written_down_with_the_promise_to_look(
    client: FlaskClient, settings: Settings, attempt: CheckoutAttempt
) -> None:
    answer = call(client, settings, sandbox_calls.body_of("evt_1", attempt.session_ref or ""))
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    (event,) = events()
    assert (event.event_ref, event.session_ref, event.outcome) == (
        "evt_1",
        attempt.session_ref,
        f"looked at attempt {attempt.id}",
    )
    (message,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.task == attempts.LOOK))
    assert (message.lane, message.arguments) == (Lane.OUTSIDE, {"attempt_id": attempt.id})


def test_the_same_call_five_times_is_one(client: FlaskClient, settings: Settings, attempt: CheckoutAttempt) -> None:
    body = sandbox_calls.body_of("evt_1", attempt.session_ref or "")
    assert [call(client, settings, body).status_code for _ in range(5)] == [200] * 5
    assert (len(events()), looks()) == (1, 1)


def test_the_same_call_from_five_sides_at_once_is_one(app: Flask, settings: Settings, attempt: CheckoutAttempt) -> None:
    body = sandbox_calls.body_of("evt_1", attempt.session_ref or "")
    db.session.rollback()
    start, statuses = Barrier(5), list[int]()

    def send() -> None:
        client = app.test_client()
        start.wait()
        statuses.append(call(client, settings, body).status_code)

    threads = [Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 5
    assert (len(events()), looks()) == (1, 1)


@pytest.mark.parametrize("signature", ["nonsense", ".", "1.2", "²." + "0" * 64, "1.é"])
def test_a_bad_signature_is_refused(client: FlaskClient, settings: Settings, app: Flask, signature: str) -> None:
    body = sandbox_calls.body_of("evt_1", "sbx_1")
    assert call(client, settings, body, signature).status_code == 400
    assert client.post("/hooks/sandbox", data=body).status_code == 400
    assert events() == []


def test_a_changed_body_is_refused(client: FlaskClient, settings: Settings, app: Flask) -> None:
    signature = SandboxGateway(settings).sign(sandbox_calls.body_of("evt_1", "sbx_1"))
    assert call(client, settings, sandbox_calls.body_of("evt_1", "sbx_2"), signature).status_code == 400
    assert events() == []


def test_an_old_call_is_refused(client: FlaskClient, settings: Settings, app: Flask) -> None:
    body = sandbox_calls.body_of("evt_1", "sbx_1")
    signature = SandboxGateway(settings).sign(body)
    with clock.travelled(timedelta(minutes=6)):
        assert call(client, settings, body, signature).status_code == 400


def test_a_call_about_something_unknown_is_noted_and_nothing_follows(
    client: FlaskClient, settings: Settings, app: Flask
) -> None:
    assert call(client, settings, sandbox_calls.body_of("evt_1", "sbx_unknown")).status_code == 200
    assert [event.outcome for event in events()] == ["about nothing that is known here"]
    assert looks() == 0


def test_a_call_of_the_other_mode_is_noted_and_nothing_follows(
    client: FlaskClient, settings: Settings, attempt: CheckoutAttempt
) -> None:
    live = {"id": "evt_1", "kind": "session.changed", "is_test": False, "session": attempt.session_ref}
    assert call(client, settings, json.dumps(live).encode()).status_code == 200
    assert [event.outcome for event in events()] == ["ignored: live, in test mode"]
    assert looks() == 0


def test_a_body_too_large_is_not_read(client: FlaskClient, settings: Settings, app: Flask) -> None:
    assert call(client, settings, b"x" * (512 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("provider", ["offline", "stripe", "nobody"])
def test_who_is_no_provider_here_is_not_heard(client: FlaskClient, app: Flask, provider: str) -> None:
    assert client.post(f"/hooks/{provider}", data=b"{}").status_code == 404


def test_looking_at_a_hook_changes_nothing(client: FlaskClient, app: Flask) -> None:
    assert client.get("/hooks/sandbox").status_code == 405
