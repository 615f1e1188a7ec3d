"""`pipeline up` as its owner starts it, with its whole family of processes in view."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.support.product import PATIENCE, free_port

COMMAND = [sys.executable, "-m", "pipeline"]


@dataclass
class Product:
    """One `pipeline up` and what it says."""

    process: "subprocess.Popen[bytes]"
    address: str
    log: Path
    instance: Path

    def family(self) -> list[psutil.Process]:
        """Every process it has started, and what those have started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def signal(self, number: signal.Signals) -> int:
        """Send it, and wait for the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def answers(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310 — our own address
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


Start = Callable[..., Product]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the product on an instance of its own; whatever is left of it afterwards is ended."""
    started: list[Product] = []

    def start_one(*options: str, wait: bool = True, **variables: str) -> Product:
        port = free_port()
        instance = Path(variables.pop("PIPELINE_INSTANCE", tmp_path / "a “place” with spaces"))
        log = tmp_path / f"up-{len(started)}.log"
        command = [*COMMAND, "up", *(options or ("--port", str(port)))]
        with log.open("wb") as out:
            process = subprocess.Popen(command, env=environment(instance, **variables), stdout=out, stderr=out)
        started.append(Product(process, f"http://127.0.0.1:{port}", log, instance))
        if wait:
            until(lambda: started[-1].answers("/readyz") == 200, started[-1])
        return started[-1]

    yield start_one
    for product in started:
        if product.process.poll() is None:
            family = product.family()
            product.process.kill()
            product.process.wait(PATIENCE)
            psutil.wait_procs(family, PATIENCE)


def environment(instance: Path, **variables: str) -> dict[str, str]:
    """What a process is told: a database of this instance's own, and nothing of the tests'."""
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**ours, "PIPELINE_INSTANCE": str(instance), **variables}


def until(is_so: Callable[[], bool], product: Product) -> None:
    """Wait until it is so, no longer than one may wait; fail with what the product said."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain; the product said:\n{product.log.read_text()[-3000:]}")
        time.sleep(0.05)


def gone(family: list[psutil.Process]) -> bool:
    """Whether none of them is left, after as long as they may take."""
    return not psutil.wait_procs(family, PATIENCE)[1]
