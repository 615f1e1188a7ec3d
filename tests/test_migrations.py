"""The migrations lead to exactly the tables that the models describe, on whichever database the suite runs."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from pipeline import migrations
from pipeline.extensions import db
from pipeline.kept import search_texts
from pipeline.models.base import Base


def test_the_migrations_equal_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_modelled})
        differences = compare_metadata(context, Base.metadata)

    assert differences == [], "the models changed: write a migration that does the same to a database"


def is_modelled(name: str | None, kind: str, parents: object) -> bool:
    """The texts of search have no models: on SQLite their tables are virtual."""
    return kind != "table" or name not in search_texts.TABLES


def test_migrating_again_changes_nothing(app: Flask) -> None:
    assert migrations.is_current(db.engine)

    migrations.upgrade(db.engine)

    assert migrations.is_current(db.engine)
