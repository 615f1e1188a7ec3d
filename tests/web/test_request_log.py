"""Each request leaves one line, which names who asked for what and how it went, and no secret."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from pipeline.models.user import User
from tests.cast import Cast
from tests.support.visiting import Visitor


def lines(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    return [dict(entry) for entry in entries if entry["event"] == "request"]


def test_a_request_leaves_one_line_with_who_what_and_how(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    with capture_logs() as entries:
        visit(cast.olive).get("/opportunities/42")

    (line,) = lines(entries)
    assert line["rule"] == "/opportunities/<int:opportunity_id>"
    assert (line["method"], line["status"], line["user"], line["log_level"]) == ("GET", 404, cast.olive.id, "info")
    assert float(str(line["ms"])) > 0


def test_no_token_in_an_address_is_logged(client: FlaskClient) -> None:
    with capture_logs() as entries:
        client.get("/first-run/a-token-that-opens-doors?also=this")

    assert "opens-doors" not in str(entries)
    assert "also" not in str(entries)


def test_watching_the_machines_makes_no_noise(client: FlaskClient) -> None:
    with capture_logs() as entries:
        client.get("/healthz")

    assert [line["log_level"] for line in lines(entries)] == ["debug"]


def test_each_answer_carries_the_number_of_its_request(client: FlaskClient) -> None:
    first, second = (client.get("/sign-in").headers["X-Request-ID"] for _ in range(2))

    assert first != second


def test_a_failure_is_shown_with_the_number_by_which_the_log_knows_it(app: Flask, client: FlaskClient) -> None:
    def broken() -> None:
        raise LookupError("nobody foresaw this")

    app.view_functions["health.alive"], before = broken, app.view_functions["health.alive"]
    broken.__dict__["is_public"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        with capture_logs() as entries:
            answer = client.get("/healthz")
    finally:
        app.view_functions["health.alive"] = before
        app.config["PROPAGATE_EXCEPTIONS"] = None

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "request failed" in [entry["event"] for entry in entries]
