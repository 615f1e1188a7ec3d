"""Whole stories in a real Chromium against the real product, which is started once for all of them.

`browse(cast.olive)` opens a signed-in browser and gives its Playwright page; `browse(None)` a stranger's. Things are
built with the factories, as in any test: they go into the product's own database.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from pipeline import create_app
from pipeline.extensions import db
from pipeline.models.base import Base
from pipeline.models.outbox import Heartbeat
from pipeline.models.user import User
from pipeline.settings import Settings
from tests.browser.sent_changes import SentChanges
from tests.support import chromium, postgres, product

TRIES = 50
PATIENCE = 60_000  # a machine that does much else at the same time is slow, not wrong
DESKTOP = {"width": 1440, "height": 900}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DISABLED = "--disable-features=" + ",".join(
    (
        "WebUIOmniboxPopup",  # pages of the address bar, which take each new window a second of the processor
        "WebUIOmniboxAimPopup",
        "AvoidUnnecessaryBeforeUnloadCheckSync",  # and what Playwright disables, since the last such flag counts alone
        "DestroyProfileOnBrowserClose",
        "HttpsUpgrades",
        "MediaRouter",
        "PaintHolding",
        "OptimizationHints",
        "NetworkTimeServiceQuerying",
        "AimEnabled",
        "PreconnectToSearch",
    )
)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", DISABLED)
EXPECTED = re.compile(
    r"the server responded with a status of (401|403|404|409|410|422|500|503)|ERR_INTERNET_DISCONNECTED|Failed to fetch"
    r"|htmx:error: timeout"
)

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def product_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_name: str
) -> Iterator[Settings]:
    instance = tmp_path_factory.mktemp("product")
    if request.config.getoption("database") == "sqlite":
        yield Settings(
            instance=instance, database_url=f"sqlite:///{instance / 'pipeline.db'}", secret_key="of the product"
        )
        return
    with postgres.server() as server:
        url = postgres.fresh_database(server, f"pipeline_product_{worker_name}")
        yield Settings(instance=instance, database_url=url, secret_key="of the product")


@pytest.fixture(scope="session")
def address(product_settings: Settings) -> Iterator[str]:
    """Where the product answers."""
    settings = product_settings
    with product.running(settings.instance, settings.database_url, SECRET_KEY=settings.secret_key) as address:
        yield address


@pytest.fixture(scope="session")
def product_application(product_settings: Settings, address: str) -> Iterator[Flask]:
    application = create_app(product_settings)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(product_application: Flask) -> Iterator[Flask]:
    """An application on the product's own database, emptied."""
    with product_application.app_context():
        empty(db.engine)
        yield product_application
        db.session.remove()


def empty(engine: Engine) -> None:
    """Take all rows out of the product's database, but its signs of life. What it still does goes first."""
    for tries_left in reversed(range(TRIES)):
        try:
            with engine.connect().execution_options(pipeline_writes=True) as connection, connection.begin():
                take_all_rows(connection)
        except OperationalError:
            if not tries_left:
                raise
        else:
            return


def take_all_rows(connection: Connection) -> None:
    tables = [table for table in Base.metadata.sorted_tables if table.name != Heartbeat.__tablename__]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in reversed(tables):
            connection.execute(table.delete())
        return
    names = ", ".join(f'"{table.name}"' for table in tables)
    connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")  # before PostgreSQL looks for deadlocks, at 1 s
    connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    executable = chromium.path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Browsers:
    """Opens browsers for people, and remembers what went wrong in them."""

    app: Flask
    chrome: Browser
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    sent: list[SentChanges] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __call__(
        self, person: User | None, *, javascript: bool = True, phone: bool = False, dark: bool = False, **options: Any
    ) -> Page:
        context = self.chrome.new_context(
            base_url=self.address,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            **(PHONE if phone else {"viewport": DESKTOP}),
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        self.sent.append(SentChanges(context))
        if person is not None:
            context.add_cookies([{"name": "pipeline", "value": self._session_of(person), "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))
        return page

    def close(self) -> None:
        for changes in self.sent:
            changes.settle()
        for context in self.contexts:
            context.close()

    def _session_of(self, person: User) -> str:
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        began = time.time()
        session = {
            "_user_id": f"{person.id}.{person.session_epoch}",
            "_fresh": True,
            "_permanent": True,
            "began": began,
            "seen": began,
        }
        return str(serializer.dumps(session))

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.troubles.append(f"{page.url}: {message.text}")


@pytest.fixture
def browse(app: Flask, chrome: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a browser for someone. A script error or a breach of the content policy in any of them fails the test."""
    browsers = Browsers(app, chrome, address)
    yield browsers
    browsers.close()
    assert browsers.troubles == []
