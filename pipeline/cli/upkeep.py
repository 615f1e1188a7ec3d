"""`pipeline migrate` brings the database's tables to what this version needs, `reindex` makes kept ones anew."""

import click

from pipeline import kept, migrations
from pipeline.cli import frame
from pipeline.cli.environment import settings
from pipeline.extensions import db
from pipeline.sessions import WRITES


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date. Safe to repeat."""
    found = settings()
    with frame.application(found, current=False):
        migrations.upgrade(db.engine)
    click.echo(f"Up to date: {frame.place(found)}")


@click.command("reindex")
def reindex_command() -> None:
    """Make search's index and the sums of the boards anew, from the rows they are kept from. Writers wait meanwhile."""
    found = settings()
    with frame.application(found), db.engine.execution_options(**{WRITES: True}).begin() as connection:
        kept.remove(connection)
        kept.rebuild(connection)
        kept.install(connection)
    click.echo(f"Made anew: {frame.place(found)}")
