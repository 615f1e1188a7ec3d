"""Child processes, forked from one that has loaded the code already, so that they share its memory.

A child is told to stop by SIGTERM, or by its parent's death: each reads from a pipe that only the parent holds open.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

QUICK_DEATH = 10.0
LONGEST_PAUSE = 10.0


class Lifeline:
    """A pipe whose writing end only the supervisor holds: when that closes, the supervisor is gone."""

    def __init__(self) -> None:
        self.reading, self.held = os.pipe()

    def follow(self) -> None:
        """In a child: stop, as if told to, when the supervisor is gone."""
        os.close(self.held)
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        os.read(self.reading, 1)
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Child:
    """A part of the product that runs in a process of its own, and is started again when it dies."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started_at: float = 0.0
    deaths: int = 0
    next_start: float = field(default=0.0)

    @property
    def is_alive(self) -> bool:
        return self.pid != 0

    def start(self, lifeline: Lifeline) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.started_at = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            _live(self, lifeline)

    def reap(self) -> bool:
        """Whether it has died since; then it is due to start again, the later the quicker it died."""
        gone, status = os.waitpid(self.pid, os.WNOHANG)
        if gone == 0:
            return False
        lived = time.monotonic() - self.started_at
        self.deaths = self.deaths + 1 if lived < QUICK_DEATH else 1
        self.next_start = time.monotonic() + min(0.25 * 2**self.deaths, LONGEST_PAUSE)
        self.pid = 0
        log.warning("process died", name=self.name, status=os.waitstatus_to_exitcode(status), lived=round(lived, 1))
        return True

    def stop(self, deadline: float) -> None:
        """Wait until it has ended; after the deadline, end it."""
        while self.pid and time.monotonic() < deadline:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = 0
                return
            time.sleep(0.02)
        if self.pid:
            log.warning("process had to be killed", name=self.name)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


def apart(work: Callable[[], None]) -> None:
    """Do it in a process of its own, which takes the memory along that it took; this one fails when that one does."""
    pid = os.fork()
    if pid == 0:
        work()
        sys.exit()
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit(code)


def _live(child: Child, lifeline: Lifeline) -> None:
    code = 1
    try:
        os.setsid()  # the terminal's Ctrl-C is for the supervisor, who stops everything in order
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        lifeline.follow()
        child.run()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        log.exception("process failed", name=child.name)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
