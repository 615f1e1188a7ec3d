"""`pipeline up`: the whole product on this machine, by one command."""

import errno
import ipaddress
import socket

import click

from pipeline import demo, migrations
from pipeline.cli import frame
from pipeline.domain import installation, people
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.server import supervisor, web
from pipeline.settings import Settings
from pipeline.transaction import transaction
from pipeline.web import links


@click.command("up")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo", "with_demo", is_flag=True, help="Fill a demo company first, if the database is empty.")
def up_command(host: str, port: int, with_demo: bool) -> None:
    """Run everything: web, workers, relay, and a queue of its own unless REDIS_URL names one."""
    found = frame.settings(HOST=host, PORT=str(port))
    with supervisor.only_one(found):
        listener = _listener(host, port)
        with frame.application(found, current=False):
            _prepare(host, with_demo)
            _welcome(found)
        supervisor.run(found, listener)
    click.echo("Stopped.")


def _listener(host: str, port: int) -> socket.socket:
    try:
        return web.listen(host, port)
    except OSError as error:
        reason = "something else listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise RuleBroken(f"Cannot listen on {host}:{port}: {reason}. Choose another with PORT= or HOST=.") from error


def _prepare(host: str, with_demo: bool) -> None:
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
