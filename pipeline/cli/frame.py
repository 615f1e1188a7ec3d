"""What commands share: an application, and a database that is up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy.engine import make_url

from pipeline import create_app, migrations
from pipeline.cli.environment import settings
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.settings import Settings


@contextmanager
def application(found: Settings | None = None, *, current: bool = True) -> Iterator[Flask]:
    """An application in context. With `current`, refuses a database that has not been migrated."""
    found = found or settings()
    found.instance.mkdir(parents=True, exist_ok=True)
    app = create_app(found)
    with app.app_context():
        try:
            if current and not migrations.is_current(db.engine):
                raise RuleBroken(
                    "The database is not up to date; run `pipeline migrate` first (`pipeline up` does it)."
                )
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def place(found: Settings) -> str:
    """Which database it is, without its password."""
    return make_url(found.database_url).render_as_string(hide_password=True)
