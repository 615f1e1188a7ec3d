"""What every test stands on: a real database, an application on it, and the clock and client that go with it.

`pytest` alone runs on SQLite; `pytest --database=postgresql` on a PostgreSQL of its own. `make test` runs both.
"""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from pipeline import create_app
from pipeline.domain import addresses
from pipeline.extensions import db, limiter
from pipeline.models.user import User
from pipeline.settings import Settings
from tests.cast import Cast, hire
from tests.support import postgres
from tests.support.client import FreshClient
from tests.support.databases import Database
from tests.support.stripe_standin.fixtures import by_stripe, stripe, stripe_settings
from tests.support.visiting import Visitor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import platformdirs.unix  # noqa: F401 — embedded servers ask it for a runtime folder, and it may complain

SUPPRESSED = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=SUPPRESSED)
hypothesis.settings.load_profile("unhurried")

DATABASES = {"database_url", "product_settings"}  # one fixture or the other is behind every use of one
__all__ = ["by_stripe", "stripe", "stripe_settings"]  # fixtures that live beside what they are about


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="the database to run on")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses no database need not be tried on two; what takes long begins first, so that nobody waits for it."""
    for item in items:
        if DATABASES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.once)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_name: str
) -> Iterator[str]:
    """The URL of an empty database, of this test process alone."""
    if request.config.getoption("database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'pipeline.db'}"
        return
    with postgres.server() as server:
        yield postgres.fresh_database(server, f"pipeline_{worker_name}")


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Which of several test processes this is."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "alone"))


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        instance=tmp_path_factory.mktemp("instance"),
        database_url=database_url,
        secret_key="for tests only, and long enough",
        public_url="http://pipeline.example",
    )


@pytest.fixture(scope="session")
def application(settings: Settings) -> Flask:
    """The application, made once for the whole run."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.test_client_class = FreshClient
    return app


@pytest.fixture(scope="session")
def prepared(application: Flask) -> Iterator[Database]:
    with application.app_context():
        yield Database(db.engine)
        db.engine.dispose()


@pytest.fixture
def app(application: Flask, prepared: Database) -> Iterator[Flask]:
    """The application on an empty database, with a context of its own for the length of a test."""
    with application.app_context():
        prepared.empty()
        limiter.reset()
        addresses.found_at(application.config["SETTINGS"].public_url)
        yield application
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript; what it asks runs in a context and session of its own."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people every test knows."""
    return hire()


@pytest.fixture
def visit(app: Flask) -> Callable[[User], Visitor]:
    """The browser of someone who is signed in: `visit(cast.olive).get("/board")`."""
    return lambda person: Visitor(app, person)


@pytest.fixture
def afresh(app: Flask) -> Callable[[], None]:
    """Forget what this test has read, so that it sees what others wrote since."""

    def forget() -> None:
        db.session.rollback()
        db.session.expire_all()

    return forget


@pytest.fixture
def instance(settings: Settings) -> Path:
    return settings.instance
