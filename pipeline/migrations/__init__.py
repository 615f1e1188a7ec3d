"""Bringing a database's tables to what the models say, by Alembic, without a configuration file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from pipeline import kept, references

HERE = Path(__file__).parent


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database has not seen, in one transaction."""
    if is_current(engine):
        return
    with references.one_transaction(engine) as connection:
        if revision(connection) != _head():
            upgrade_to(connection, "head")
            kept.rebuild(connection)
            kept.install(connection)


def upgrade_to(connection: Connection, to: str) -> None:
    """The same up to one revision, in the caller's transaction. What the database keeps by itself rests afterwards."""
    kept.remove(connection)
    command.upgrade(configuration(connection), to)


def is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        return revision(connection) == _head()


def revision(connection: Connection) -> str | None:
    """The last migration that the database has seen; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(wanted: str) -> bool:
    """Whether this version has that migration."""
    return any(each.revision == wanted for each in ScriptDirectory.from_config(configuration()).walk_revisions())


def _head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config
