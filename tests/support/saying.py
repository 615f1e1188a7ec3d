"""The `pipeline` command in a process that has loaded the code already: what it is told, what it says, how it ends."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.forks import forks

PATIENCE = 60


@dataclass(frozen=True)
class Said:
    returncode: int | None
    stdout: str
    stderr: str


def say_in_a_fork(line: str, environment: dict[str, str], given: str, folder: Path) -> Said:
    """Run `pipeline` with the words of the line; its standard streams are files in the folder meanwhile."""
    given_in, out, err = (folder / f"command.{name}" for name in ("in", "out", "err"))
    given_in.write_text(given)
    process = forks.Process(target=_speak, args=(line.split(), environment, given_in, out, err))
    process.start()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"`pipeline {line}` has not come to its end: {err.read_text()}")
    return Said(process.exitcode, out.read_text(), err.read_text())


def _speak(words: list[str], environment: dict[str, str], given: Path, out: Path, err: Path) -> None:
    """Become the command: its streams, its environment, its words."""
    for stream, file, mode in ((0, given, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        os.dup2(os.open(file, mode | (os.O_CREAT | os.O_TRUNC if mode else 0)), stream)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pipeline", *words]

    from pipeline.cli import main

    main()
