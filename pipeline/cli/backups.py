"""`pipeline backup` and `pipeline restore`."""

from pathlib import Path

import click
from sqlalchemy import inspect

from pipeline import backups
from pipeline.cli import frame
from pipeline.cli.environment import settings
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.queries.health import is_anybody_at_work
from pipeline.server import supervisor
from pipeline.settings import replace_kept_secret

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
def backup_command(file: Path) -> None:
    """Write everything into FILE, as it is at this moment; nobody need stop working.

    The file holds all data and the secret key: only its owner can read it, and it should stay so.
    """
    found = settings()
    with frame.application(found):
        manifest = backups.write(db.engine, file, secret_key=found.secret_key)
    click.echo(
        f"Wrote {manifest.rows:,} rows of {len(manifest.tables)} tables to {file} ({file.stat().st_size:,} bytes)."
    )


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Throw away what is in the database now.")
def restore_command(file: Path, replace: bool) -> None:
    """Put back everything from FILE, into an empty database of either kind, in one transaction."""
    found = settings()
    with supervisor.only_one(found), frame.application(found, current=False):
        _refuse_while_at_work()
        manifest, secret = backups.restore(db.engine, file, replace=replace)
    click.echo(f"Restored {manifest.rows:,} rows, as they were on {manifest.made_at:%Y-%m-%d at %H:%M} UTC.")
    if secret != found.secret_key and not replace_kept_secret(found, secret):
        click.echo("SECRET_KEY is another than the backup's: links in mails that were sent before no longer work.")


def _refuse_while_at_work() -> None:
    if inspect(db.engine).has_table("heartbeats") and is_anybody_at_work():
        raise RuleBroken("A worker or relay works on this database. Stop it, and wait a minute if it was killed.")
    db.session.remove()  # its reading would be in the way of tables that are to go
