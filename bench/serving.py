"""The product's own web server, in a process of its own; with one page more: the board from memory, the *floor*."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pipeline import create_app, logs
from pipeline.queries import board, filter_bar
from pipeline.queries.filters import Filter
from pipeline.server import web
from pipeline.settings import Settings
from pipeline.web.auth import public
from tests.support.product import free_port, wait_for

FLOOR = "/floor"
PATIENCE = 30


def application(settings: Settings) -> Flask:
    """The product with the floor: what Flask and Jinja take for a board when the database takes nothing."""
    app = create_app(settings)
    kept: dict[str, Any] = {}

    @public
    def floor() -> ResponseReturnValue:
        if not kept:
            kept.update(_learned())
        g._login_user = kept["visitor"]
        return render_template("board/show.html", **kept["page"])

    app.add_url_rule(FLOOR, "board.floor", floor)
    return app


def _learned() -> dict[str, Any]:
    visitor = current_user._get_current_object()
    pipelines = board.pipelines()
    shown = board.of(pipelines[0], Filter(), seen_by=visitor.person)
    page = {"bar": filter_bar.of(Filter()), "board": shown, "pipelines": pipelines}
    return {"visitor": visitor, "page": page}


@contextmanager
def running(settings: Settings) -> Iterator[int]:
    """The port of a server with two workers, for as long as the block lasts."""
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
        yield port
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
