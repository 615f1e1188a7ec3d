"""`pipeline demo`: fill an empty database with a believable company."""

import click

from pipeline import demo, migrations
from pipeline.cli import frame
from pipeline.extensions import db
from pipeline.transaction import transaction


@click.command("demo")
def demo_command() -> None:
    """Fill the demo company into an empty database. Its passwords are known: it is only for this machine."""
    with frame.application(current=False):
        migrations.upgrade(db.engine)
        with transaction():
            demo.fill()
    click.echo(f"Sign in as {', '.join(demo.ADDRESSES)} with the password {demo.PASSWORD}")
