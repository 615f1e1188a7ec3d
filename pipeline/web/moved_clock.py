"""Lets this process's clock run with the demo's. Whether this is a demo at all is asked once: it is filled before."""

from flask import Flask, current_app, request

from pipeline.domain import installation
from pipeline.web.auth import known_already

EXTENSION = "is_demo"
TIMELESS = {None, "assets", "favicon", "health.alive", "health.ready"}  # they answer when no database does


def prepare(app: Flask) -> None:
    app.extensions[EXTENSION] = None
    app.before_request(keep_time)
    app.jinja_env.globals["is_demo"] = is_demo


def keep_time() -> None:
    if request.endpoint not in TIMELESS and is_demo() is not False:
        visitor = known_already()
        running = installation.let_run(visitor.here) if visitor else installation.set_clock()
        current_app.extensions[EXTENSION] = running


def is_demo() -> bool | None:
    """Whether the clock may be moved; None before anybody asked."""
    known: bool | None = current_app.extensions[EXTENSION]
    return known
