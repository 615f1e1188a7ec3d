"""One application for all processes of `pipeline up`, made whole before they fork, so that they share its memory."""

import ctypes
from contextlib import suppress

from flask import Flask
from sqlalchemy.orm import configure_mappers

from pipeline import create_app, tasks
from pipeline.settings import Settings

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3
ARENAS = 1
A_PAGE_OF_OURS = 128 * 1024


def application(settings: Settings) -> Flask:
    """With its tasks, models and templates ready. It has asked the database nothing: connections are not shared."""
    _keep_the_heap_small()
    tasks.load()
    app = create_app(settings)
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    return app


def _keep_the_heap_small() -> None:
    """Have glibc, where it is that, give each thread no heap of its own, and give back at once what a page took.

    Python lets one thread run at a time, so that they need not wait for each other here.
    """
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, ARENAS)
        libc.mallopt(M_MMAP_THRESHOLD, A_PAGE_OF_OURS)
