"""One line in the log for each request: what was asked, by whom, how it went and how long it took.

The rule is logged instead of the address, because addresses hold tokens. Lines written meanwhile carry the same
request id, and so do the answer and the page that tells of a failure.
"""

import secrets
import time

import structlog
from flask import Flask, Response, g, request, session

QUIET = {"assets", "favicon", "health.alive", "health.ready"}
HEADER = "X-Request-ID"

log = structlog.get_logger(__name__)


def prepare(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    g.began_at = time.perf_counter()
    g.request_id = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    write = log.debug if request.endpoint in QUIET else log.info
    write(
        "request",
        method=request.method,
        rule=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((time.perf_counter() - g.began_at) * 1000, 1),
        user=user_number(),
    )
    return response


def request_id() -> str:
    """By which this request is found in the log."""
    return str(g.request_id)


def user_number() -> int | None:
    number = str(session.get("_user_id", "")).partition(".")[0]
    return int(number) if number.isdecimal() else None
