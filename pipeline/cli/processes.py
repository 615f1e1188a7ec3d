"""`pipeline web | worker | relay`: one process each, for installations that run them on their own."""

import click

from pipeline.cli import frame
from pipeline.cli.environment import settings
from pipeline.models.outbox import Lane
from pipeline.server import web, whole
from pipeline.settings import Settings, WrongSetting
from pipeline.tasks import relay, worker


@click.command("web")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
def web_command(host: str, port: int) -> None:
    """Serve the pages."""
    found = settings(HOST=host, PORT=str(port))
    with frame.application(found):
        pass
    web.serve(whole.application(found), web.listen(host, port))


@click.command("worker")
@click.argument("lanes", nargs=-1, type=click.Choice([lane.value for lane in Lane]))
def worker_command(lanes: tuple[str, ...]) -> None:
    """Do what was promised. LANES: inside (quick work), outside (mail and the like); both when none is named."""
    worker.run(_settings(), tuple(Lane(lane) for lane in lanes) or tuple(Lane))


@click.command("relay")
def relay_command() -> None:
    """Hand what is due to the workers. Two may run; they do not get in each other's way."""
    relay.run(_settings())


def _settings() -> Settings:
    """For a process that needs a queue that others share, and a database that is up to date."""
    found = settings()
    if not found.redis_url:
        raise WrongSetting("REDIS_URL is not set. `pipeline up` has a queue of its own; single processes share one.")
    with frame.application(found):
        return found
