"""The web server: gunicorn with threads. The application is loaded once, and shared by its workers if they are many."""

import gc
import os
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from pipeline.extensions import db
from pipeline.settings import web_processes

THREADS = 2
"""One more only takes turns with them on the processor: thirty reps at once then wait half as long again."""

PATIENCE = 60
GRACE = 15


class OurLogger(Logger):
    """Lets gunicorn's lines go the way of all our lines, and leaves requests to the application."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel("WARNING")
        self.access_log.disabled = True


class WebServer(BaseApplication):
    def __init__(self, app: Flask, address: str) -> None:
        self.app = app
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        gc.collect()
        gc.freeze()  # what is loaded now is never garbage: workers keep sharing its memory
        return self.app

    def _options(self) -> dict[str, Any]:
        return {
            "bind": self.address,
            "worker_class": "gthread",
            "workers": web_processes(),
            "threads": THREADS,
            "preload_app": True,
            "timeout": PATIENCE,
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 — gunicorn's own beats
            "logger_class": OurLogger,
            "proc_name": "pipeline-web",
            "control_socket_disable": True,
            "post_fork": _forget_connections,
        }


def serve(app: Flask, listener: socket.socket) -> None:
    """Serve on a socket that is bound already, until told to stop."""
    listener.set_inheritable(True)
    WebServer(app, f"fd://{listener.fileno()}").run()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; raises OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(2048)
    return listener


def _forget_connections(server: Any, worker: Any) -> None:
    with server.app.app.app_context():
        db.engine.dispose(close=False)
