"""`pipeline migrate`: bring the database's tables to what this version needs."""

import click

from pipeline import migrations
from pipeline.cli import frame
from pipeline.extensions import db


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date. Safe to repeat."""
    found = frame.settings()
    with frame.application(found, current=False):
        migrations.upgrade(db.engine)
    click.echo(f"Up to date: {frame.place(found)}")
