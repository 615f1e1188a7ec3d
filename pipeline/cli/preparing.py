"""What `pipeline up` does before it starts: the database brought up to date, the demo filled in, a word of welcome."""

import ipaddress

import click

from pipeline import demo, migrations
from pipeline.cli import frame
from pipeline.domain import installation, people
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.settings import Settings
from pipeline.transaction import transaction
from pipeline.web import links


def prepare(found: Settings, host: str, with_demo: bool) -> None:
    with frame.application(found, current=False):
        _make_ready(host, with_demo)
        _welcome(found)


def _make_ready(host: str, with_demo: bool) -> None:
    """Bring the database up to date, fill the demo if asked, and keep a demo to this machine."""
    migrations.upgrade(db.engine)
    filling = with_demo and demo.is_possible()
    if (filling or installation.current().is_demo) and not _is_loopback(host):
        raise RuleBroken(f"This is the demo, whose passwords are known: it listens on loopback only, not on {host}.")
    if filling:
        click.echo("Filling the demo company …")
        with transaction():
            demo.fill()
    elif with_demo and not installation.current().is_demo:
        click.echo("There are people in this database already, so no demo company was filled in.")


def _welcome(found: Settings) -> None:
    click.echo(f"Pipeline runs at {found.public_url} (Ctrl-C stops it)")
    if not people.there_is_an_administrator():
        click.echo("Nobody administers it yet. Open this link to make yourself its first administrator:")
        click.echo(f"  {links.first_run_link()}")
    elif installation.current().is_demo:
        click.echo(f"Demo: sign in as {', '.join(demo.ADDRESSES)} with the password {demo.PASSWORD}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
