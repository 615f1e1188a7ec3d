"""`pipeline up`: the whole product on this machine, by one command."""

import errno
import socket
from importlib import import_module

import click

from pipeline.cli.environment import settings
from pipeline.domain.rules import RuleBroken
from pipeline.server import children, supervisor, web


@click.command("up")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo", "with_demo", is_flag=True, help="Fill a demo company first, if the database is empty.")
def up_command(host: str, port: int, with_demo: bool) -> None:
    """Run everything: web, workers, relay, and a queue of its own unless REDIS_URL names one."""
    found = settings(HOST=host, PORT=str(port))
    with supervisor.only_one(found):
        listener = _listener(host, port)
        children.apart(lambda: import_module("pipeline.cli.preparing").prepare(found, host, with_demo))
        supervisor.run(found, listener)
    click.echo("Stopped.")


def _listener(host: str, port: int) -> socket.socket:
    try:
        return web.listen(host, port)
    except OSError as error:
        reason = "something else listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise RuleBroken(f"Cannot listen on {host}:{port}: {reason}. Choose another with PORT= or HOST=.") from error
