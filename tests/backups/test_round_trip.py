"""What is backed up from either kind of database is restored into either, and nothing is lost on the way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select

from pipeline import backups, create_app, migrations
from pipeline.backups import tables
from pipeline.backups.values import outward
from pipeline.domain import moves
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.settings import Settings
from pipeline.transaction import prepare, transaction
from tests import factories
from tests.cast import Cast
from tests.support import postgres

pytestmark = pytest.mark.xdist_group("backups")
KINDS = ["sqlite", "postgresql"]
SECRET = "the secret of the backup"


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[Callable[[str], Engine]]:
    """Makes an empty database of either kind."""
    made: list[Engine] = []

    def make(kind: str) -> Engine:
        url = f"sqlite:///{tmp_path / f'{len(made)}.db'}"
        if kind == "postgresql":
            url = postgres.fresh_database(request.getfixturevalue("postgres_server"), f"restored_{worker_name}")
        engine = create_engine(url)
        prepare(engine)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def company(app: Flask, cast: Cast) -> Opportunity:
    """Something in many tables, and texts that are hard to carry."""
    pipeline = factories.sales_pipeline()
    factories.loss_reasons(pipeline, "Too expensive", "“Not now”, she said\n\tand hung up \\ 😀")
    deal = factories.deal(
        pipeline, "Crème & Söhne, “Übernahme”", owner=cast.olive, typed_value=2**40, next_action_at=time(9, 30)
    )
    factories.deal(pipeline, "Second", owner=cast.tom)
    with transaction():
        moves.move(db.session.get_one(Opportunity, deal.id), pipeline.stages[1], by=cast.olive)
    return deal


@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_back_as_it_was(
    company: Opportunity, empty: Callable[[str], Engine], tmp_path: Path, kind: str
) -> None:
    written = backups.write(db.engine, tmp_path / "all.backup", secret_key=SECRET)
    target = empty(kind)

    manifest, secret = backups.restore(target, tmp_path / "all.backup")

    assert content(target) == content(db.engine)
    assert (manifest, secret) == (written, SECRET)
    assert migrations.is_current(target)


@pytest.mark.parametrize("kind", KINDS)
def test_what_came_back_can_be_worked_with(
    company: Opportunity, empty: Callable[[str], Engine], settings: Settings, tmp_path: Path, kind: str
) -> None:
    backups.write(db.engine, tmp_path / "all.backup", secret_key=SECRET)
    target = empty(kind)
    backups.restore(target, tmp_path / "all.backup")
    url = target.url.render_as_string(hide_password=False)

    with create_app(replace(settings, database_url=url)).app_context():
        pipeline = db.session.scalars(select(factories.Pipeline)).one()
        third = factories.deal(pipeline, "Third")
        assert third.id == 3
        db.session.remove()
        db.engine.dispose()


def test_a_backup_twice_is_restored_over_the_first(
    company: Opportunity, empty: Callable[[str], Engine], tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    backups.write(db.engine, file, secret_key=SECRET)
    before = content(db.engine)
    factories.deal(company.pipeline, "Made by mistake")
    db.session.rollback()

    backups.restore(db.engine, file, replace=True)

    assert content(db.engine) == before
    assert migrations.is_current(db.engine)


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_was_only_started_counts_as_empty(
    company: Opportunity, empty: Callable[[str], Engine], tmp_path: Path, kind: str
) -> None:
    backups.write(db.engine, tmp_path / "all.backup", secret_key=SECRET)
    target = empty(kind)
    migrations.upgrade(target)

    backups.restore(target, tmp_path / "all.backup")

    assert content(target) == content(db.engine)


def content(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables, said in one way for both kinds of database."""
    db.session.rollback()
    with engine.connect() as connection:
        return {
            table.name: [
                {name: outward(value) for name, value in row._mapping.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables.found(connection)
        }
