"""Every test, on SQLite and on PostgreSQL: what `make test` runs.

Two rows of parts go side by side, each on SQLite and then on PostgreSQL, which each row has a server of its own for:
all but the browser's stories, in as many processes as the machine has cores; and the stories, in two processes with a
product and a browser each, which wait more than they work. What the stories say is shown when both rows have ended.

What no database can change is run on SQLite alone: tests that use none, and those marked `once`. These are the stories
of how pages look and what keys, fingers and Back do in the browser, which send nothing that other tests do not send on
both; and the import of the longest file, of which PostgreSQL takes in the beginning.

Arguments go to pytest, which then runs once on each database, and leaves nothing out.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from tests.support import chromium, postgres

PYTEST = [sys.executable, "-m", "pytest", "--dist=worksteal"]
REST = ["--numprocesses=auto", "--ignore=tests/browser"]
STORIES = ["--numprocesses=2", "tests/browser"]
ONLY_ONCE = ["-m", "not once"]
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Part:
    """One run of pytest."""

    name: str
    database: str
    arguments: list[str]

    def run(self, environment: dict[str, str], out: IO[bytes] | None) -> tuple[str, int]:
        """How it went, in a line, and its exit code."""
        began = time.monotonic()
        command = [*PYTEST, f"--database={self.database}", *self.arguments]
        code = abs(subprocess.call(command, env=environment, stdout=out, stderr=out))
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        verdict = "passed" if code == 0 else f"FAILED (exit code {code})"
        return f"{self.name} on {self.database}: {verdict} in {minutes}:{seconds:02}", code


def rows(arguments: list[str]) -> list[list[Part]]:
    """What runs side by side, each row from left to right."""
    if arguments:
        return [[Part("what was asked for", name, ["--numprocesses=auto", *arguments]) for name in DATABASES]]
    return [
        [Part("all but stories", "sqlite", REST), Part("all but stories", "postgresql", [*REST, *ONLY_ONCE])],
        [Part("stories", "sqlite", STORIES), Part("stories", "postgresql", [*STORIES, *ONLY_ONCE])],
    ]


def main(arguments: list[str]) -> int:
    """The worst exit code of all parts; a failure in one does not keep the others from running.

    The stories' browser is got first: who has none is told at once, and no time of a test goes into installing it.
    """
    if not arguments:
        try:
            chromium.path()
        except RuntimeError as missing:
            sys.exit(str(missing))
    interrupted: list[bool] = []

    def run(row: list[Part], server: str, out: IO[bytes] | None) -> list[tuple[str, int]]:
        environment = {**os.environ, postgres.GIVEN: server}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of hundreds of processes compiles everything again
        return [part.run(environment, out) for part in row if not interrupted]

    with ExitStack() as stack, ThreadPoolExecutor() as beside:
        asked = rows(arguments)
        kept: list[IO[bytes] | None] = [None, *(stack.enter_context(tempfile.TemporaryFile()) for _ in asked[1:])]
        servers = [stack.enter_context(postgres.server()) for _ in asked]
        going = [beside.submit(run, *each) for each in zip(asked, servers, kept, strict=True)]
        try:
            ended = [outcome for row in going for outcome in row.result()]
        except KeyboardInterrupt:
            interrupted.append(True)  # pytest was interrupted by the same key
            return 130
        for out in filter(None, kept):
            out.seek(0)
            print(out.read().decode(errors="replace"))
    print(*(line for line, _ in ended), sep="\n")
    return max(code for _, code in ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
