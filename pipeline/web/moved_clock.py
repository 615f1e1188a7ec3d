"""Lets this process's clock run with the demo's. Whether this is a demo at all is asked once: it is filled before."""

from flask import Flask, current_app, request

from pipeline.domain import installation

EXTENSION = "is_demo"
TIMELESS = {None, "assets", "favicon", "health.alive", "health.ready"}  # they answer when no database does


def prepare(app: Flask) -> None:
    app.extensions[EXTENSION] = None
    app.before_request(keep_time)
    app.jinja_env.globals["is_demo"] = is_demo


def keep_time() -> None:
    if request.endpoint not in TIMELESS and is_demo() is not False:
        current_app.extensions[EXTENSION] = installation.set_clock()


def is_demo() -> bool | None:
    """Whether the clock may be moved; None before anybody asked."""
    known: bool | None = current_app.extensions[EXTENSION]
    return known
