"""One command runs the product: it answers, heals, stops clean in every way of stopping, and refuses in one line."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.server.conftest import COMMAND, Start, environment, gone, until
from tests.support.product import PATIENCE, free_port

EVERYWHERE = "0.0.0.0"  # noqa: S104 — asked for in order to be refused


def test_the_product_answers_and_says_that_it_is_ready(start: Start) -> None:
    product = start()

    assert product.answers("/healthz") == 200
    assert product.answers("/sign-in") == 200
    assert product.address.rpartition(":")[2] in product.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_leaves_nothing_behind(start: Start, number: signal.Signals) -> None:
    product = start()
    family = product.family()

    assert product.signal(number) == 0
    assert len(family) >= 5
    assert gone(family)
    assert "Traceback" not in product.log.read_text()


def test_killed_outright_it_takes_its_children_along(start: Start) -> None:
    product = start()
    family = product.family()

    product.signal(signal.SIGKILL)

    assert gone(family)


def test_killed_outright_it_can_be_started_again_at_once(start: Start) -> None:
    first = start()
    port = first.address.rpartition(":")[2]
    family = first.family()

    first.signal(signal.SIGKILL)
    assert gone(family)

    assert start("--port", port, wait=False).process.poll() is None
    until(lambda: first.answers("/readyz") == 200, first)


def test_each_child_that_dies_comes_back(start: Start) -> None:
    product = start()
    former = children(product.process.pid)

    for pid in former:
        os.kill(pid, signal.SIGKILL)

    until(lambda: len(children(product.process.pid) - former) == len(former), product)
    until(lambda: product.answers("/readyz") == 200, product)


def test_a_taken_port_is_said_in_one_line(start: Start, tmp_path: Path) -> None:
    port = start().address.rpartition(":")[2]

    answer = refused(tmp_path / "other", "--port", port)

    assert f"Cannot listen on 127.0.0.1:{port}: something else listens there." in answer


def test_an_address_of_another_machine_is_said_in_one_line(tmp_path: Path) -> None:
    assert "Cannot listen on 192.0.2.1:" in refused(tmp_path, "--host", "192.0.2.1", "--port", str(free_port()))


def test_a_second_one_on_the_same_instance_is_said_in_one_line(start: Start) -> None:
    product = start()

    assert "is running already" in refused(product.instance, "--port", str(free_port()))
    assert product.answers("/healthz") == 200


@pytest.mark.long
def test_the_demo_listens_on_this_machine_only(tmp_path: Path) -> None:
    assert "listens on loopback only" in refused(tmp_path, "--demo", "--host", EVERYWHERE, "--port", str(free_port()))
    subprocess.run([*COMMAND, "demo"], check=True, env=environment(tmp_path), capture_output=True)
    assert "listens on loopback only" in refused(tmp_path, "--host", EVERYWHERE, "--port", str(free_port()))


def refused(instance: Path, *options: str) -> str:
    """What `pipeline up` says when it will not; one line, and a failure's exit code."""
    command = [*COMMAND, "up", *options]
    done = subprocess.run(
        command, check=False, env=environment(instance), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def children(supervisor: int) -> set[int]:
    return {child.pid for child in psutil.Process(supervisor).children()}
