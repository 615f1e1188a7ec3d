"""The real product: `pipeline up` in a process of its own, as a newcomer would run it."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 180.0  # a start takes 4 s, unless the machine starves: all stories wait for it, and would fail with it
LOOK_EVERY = 0.05
FIRST_PORT = 20_000
PORTS = 12_000  # below those that connections are given


@contextmanager
def running(instance: Path, database_url: str, **more: str) -> Iterator[str]:
    """The address of a product that answers, for as long as the block lasts. Its log is `up.log` in the instance."""
    port = free_port()
    environment = {
        **os.environ,
        "PIPELINE_INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **more,
    }
    address = f"http://127.0.0.1:{port}"
    log = instance / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "up"], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"{address}/readyz", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_EVERY)
    raise RuntimeError(f"the product does not answer at {url}:\n{log.read_text()[-4000:]}")


def free_port() -> int:
    """One that nothing listens on, and that the system gives to no connection before the product takes it."""
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
