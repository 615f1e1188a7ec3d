"""Keeps the web server, the background work and the embedded queue running, and stops them in order."""

import fcntl
import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from pipeline.domain.rules import RuleBroken
from pipeline.server import background, web, whole
from pipeline.server.children import Child, Lifeline
from pipeline.server.queue import EmbeddedQueue
from pipeline.settings import Settings

LOOK_EVERY = 0.2
GRACE = 20.0


class AlreadyRunning(RuleBroken):
    """Another `pipeline up` runs on the same instance folder."""


class Supervisor:
    """Runs children until told to stop. The queue stops last, when nobody uses it any more."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()
        self.lifeline = Lifeline()

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        gc.collect()
        gc.freeze()
        try:
            for child in self.children:
                self._start(child)
            while not self.stopping.wait(LOOK_EVERY):
                self._look_after()
        finally:
            self._stop()

    def _start(self, child: Child) -> None:
        child.start(self.lifeline)

    def _look_after(self) -> None:
        for child in self.children:
            if child.is_alive:
                child.reap()
            elif time.monotonic() >= child.next_start:
                self._start(child)

    def _stop(self) -> None:
        queue = [child for child in self.children if child.name == "queue"]
        others = [child for child in self.children if child not in queue]
        for group in (others, queue):
            for child in group:
                if child.is_alive:
                    os.kill(child.pid, signal.SIGTERM)
            deadline = time.monotonic() + GRACE
            for child in group:
                child.stop(deadline)


def run(settings: Settings, listener: socket.socket) -> None:
    """The whole product on this machine, until told to stop."""
    children: list[Child] = []
    queue = None
    if not settings.redis_url:
        queue = EmbeddedQueue(settings.instance)
        settings = replace(settings, redis_url=queue.url)
        children.append(Child("queue", queue.serve))
    app = whole.application(settings)
    children += [
        Child("web", partial(web.serve, app, listener)),
        Child("background", partial(_close_then, listener, partial(background.run, settings, app))),
    ]
    supervisor = Supervisor(children)
    try:
        supervisor.run()
    finally:
        if queue:
            queue.remove()


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the instance folder's lock; refuses when another `pipeline up` holds it."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    with (settings.instance / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"Pipeline is running already on {settings.instance}; stop that one first.") from error
        yield


def _close_then(listener: socket.socket, run: partial[None]) -> None:
    listener.close()
    run()
