"""Refusals and failures: true statuses, words for people, and never a trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from pipeline.domain import moves
from pipeline.extensions import db
from pipeline.models.user import User
from pipeline.queries import settings_people
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
ALL_DEALS = "SELECT id FROM opportunities"
PATIENCE = {
    "sqlite": ("PRAGMA busy_timeout = 1", "PRAGMA busy_timeout = 15000"),
    "postgresql": ("SET lock_timeout = '1ms'", "SET lock_timeout = 0"),
}


def test_what_is_not_there_says_so_to_anybody(cast: Cast, visit: Visit, client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    assert visit(cast.olive).get("/nowhere").status_code == 404


FORTY_DIGITS = "9" * 40


@pytest.mark.parametrize(
    "address",
    [f"/opportunities/{FORTY_DIGITS}", f"/contacts/{FORTY_DIGITS}", f"/orders/{'9' * 5000}", "/board/2147483648"],
)
def test_a_number_that_no_row_can_have_leads_nowhere(cast: Cast, visit: Visit, address: str) -> None:
    assert visit(cast.olive).get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        f"/mailbox?before={FORTY_DIGITS}",
        f"/notifications?before={FORTY_DIGITS}",
        f"/settings/runs?before={FORTY_DIGITS}&automation={FORTY_DIGITS}",
        f"/today?next=call&about={FORTY_DIGITS}",
    ],
)
def test_a_number_that_no_row_can_have_asks_for_nothing(cast: Cast, visit: Visit, address: str) -> None:
    assert visit(cast.ada).get(address).status_code == 200


def test_what_no_column_can_hold_is_refused_in_words(cast: Cast, visit: Visit) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    answer = visit(cast.olive).post(f"/opportunities/{deal.id}/tasks", title="Call", assignee_id=FORTY_DIGITS)
    assert answer.status_code == 400
    assert "too large" in answer.text


def test_what_is_not_allowed_says_who_can_allow_it(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).get("/settings/users")
    assert answer.status_code == 403
    assert "administrator" in answer.text


def test_to_a_part_of_a_page_it_is_said_as_a_toast(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).get("/settings/users", htmx=True)
    assert answer.status_code == 403
    assert '<hx-partial hx-target="#toasts"' in answer.text
    assert "<h1" not in answer.text


def test_a_form_without_its_token_changes_nothing(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).post("/settings/profile", csrf_token="stale", name="Mallory")
    assert answer.status_code == 400
    assert cast.olive.name == "Olive Owner"


def test_a_failure_shows_a_number_and_no_trace(cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr(settings_people, "users", fail)
    monkeypatch.setitem(visit(cast.ada).client.application.config, "PROPAGATE_EXCEPTIONS", False)
    answer = visit(cast.ada).get("/settings/users")
    assert answer.status_code == 500
    assert "Number <code>" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_failure_needs_no_database_to_say_so(cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(visitor_id: str) -> None:
        raise ConnectionError("no database")

    monkeypatch.setattr("pipeline.extensions.sign_in._user_callback", fail)
    assert visit(cast.ada).get("/settings/profile").status_code == 500


def test_a_change_that_fails_says_so_whatever_it_was_to_show(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise ZeroDivisionError

    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    address, stage_id = f"/opportunities/{deal.id}/moves", deal.stage_id
    monkeypatch.setattr(moves, "move", fail)
    visitor = visit(cast.olive)
    monkeypatch.setitem(visitor.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    answer = visitor.post(address, htmx=True, page="/board", stage_id=stage_id)
    assert answer.status_code == 500
    assert "toast" in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_who_waited_in_vain_for_others_is_told_to_try_again(cast: Cast, visit: Visit, htmx: bool) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    address, stage_id, olive = f"/opportunities/{deal.id}/moves", deal.stage_id, visit(cast.olive)
    db.session.rollback()
    with somebody_writes(), hardly_waiting():
        answer = olive.post(address, htmx=htmx, page="/board", stage_id=stage_id)
    assert answer.status_code == 503
    assert "so this was not done. Try again." in answer.text


@contextmanager
def somebody_writes() -> Iterator[None]:
    """And does not come to an end."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "UPDATE opportunities SET title = 'Mine'" if is_sqlite else f"{ALL_DEALS} FOR UPDATE"
        )
        yield


@contextmanager
def hardly_waiting() -> Iterator[None]:
    hardly, as_usual = PATIENCE[db.engine.dialect.name]

    def wait(how_long: str) -> Callable[..., None]:
        def do(connection: Any, *_: object) -> None:
            connection.execute(how_long)
            connection.commit()

        return do

    hurry, calm_down = wait(hardly), wait(as_usual)
    event.listen(db.engine, "checkout", hurry)
    event.listen(db.engine, "checkin", calm_down)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", hurry)
        event.remove(db.engine, "checkin", calm_down)
