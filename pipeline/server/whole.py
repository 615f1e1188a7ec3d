"""One application for all processes of `pipeline up`, made whole before they fork, so that they share its memory."""

import ctypes
from contextlib import suppress

from flask import Flask
from sqlalchemy.orm import configure_mappers

from pipeline import create_app, tasks
from pipeline.settings import Settings

M_ARENA_MAX = -8
ARENAS = 2


def application(settings: Settings) -> Flask:
    """With its tasks, models and templates ready. It has asked the database nothing: connections are not shared."""
    _keep_to_few_arenas()
    tasks.load()
    app = create_app(settings)
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    return app


def _keep_to_few_arenas() -> None:
    """Have glibc, where it is that, not give each thread a heap of its own that it never gives back."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
