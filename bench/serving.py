"""The product's own web server, in a process of its own; with one page more: the board from memory, the *floor*."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
from flask import Flask, g, render_template, template_rendered
from flask.typing import ResponseReturnValue
from flask_login import current_user
from jinja2 import Template

from pipeline import create_app, logs
from pipeline.server import web
from pipeline.settings import Settings
from pipeline.web.auth import public
from tests.support.product import free_port, wait_for

FLOOR = "/floor"
BOARD = "board/show.html"
OF_EACH_REQUEST = {"g", "request", "session", "current_user"}
PATIENCE = 30


def application(settings: Settings) -> Flask:
    """The product with the floor: what Flask and Jinja take for a board when the database takes nothing."""
    app = create_app(settings)
    kept: dict[str, Any] = {}

    @public
    def floor() -> ResponseReturnValue:
        if not kept:
            kept.update(_learned(app))
        g._login_user = kept["visitor"]
        return render_template(BOARD, **kept["page"])

    app.add_url_rule(FLOOR, "board.floor", floor)
    return app


def _learned(app: Flask) -> dict[str, Any]:
    """Who asks, and what the product's own view gives its template for them."""
    given: dict[str, Any] = {}

    def note(sender: Flask, template: Template, context: dict[str, Any], **more: Any) -> None:
        if template.name == BOARD:
            given.update(context)

    visitor = current_user._get_current_object()
    with template_rendered.connected_to(note, app):
        app.view_functions["board.show"](pipeline_id=None)
    return {"visitor": visitor, "page": {name: given[name] for name in given.keys() - OF_EACH_REQUEST}}


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process

    def spent(self) -> float:
        """Seconds of processor time until now: unlike the clock's, they are the same on a busy machine."""
        times = [each.cpu_times() for each in [self.process, *self.process.children(recursive=True)]]
        return sum(each.user + each.system for each in times)


@contextmanager
def running(settings: Settings) -> Iterator["Server"]:
    """A server with two workers, for as long as the block lasts."""
    port, log = free_port(), settings.instance / "web.log"
    environment = os.environ | {
        "PIPELINE_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "bench.serving"], env=environment, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def main() -> None:
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    listener = web.listen("127.0.0.1", int(os.environ["PORT"]))
    listener.set_inheritable(True)
    web.WebServer(application(settings), f"fd://{listener.fileno()}").run()


if __name__ == "__main__":
    main()
