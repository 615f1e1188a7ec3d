"""A purchase, from the offer to the thanks: each step by itself, and fifty prospects at once, through the sandbox.

.venv/bin/python -m bench.checkout        on SQLite, or on DATABASE_URL (an empty database)
"""

import http.client
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask
from sqlalchemy import func, select

from bench import serving, tables
from pipeline import logs, migrations
from pipeline.domain import buy_links
from pipeline.extensions import db
from pipeline.models.order import Order
from pipeline.settings import Settings
from tests import factories
from tests.support import buying
from tests.support.client import FreshClient
from tests.support.counting import statements

ONE_BY_ONE = 40
AT_ONCE = 50
LARGEST = 30_000
SLOWEST = 30.0
ZIPPED = {"Accept-Encoding": "gzip"}
Send = Callable[[str, str, dict[str, str] | None], tuple[str, int]]


@dataclass
class Step:
    """One request of a purchase; times in seconds, sizes as sent and as unpacked."""

    name: str
    times: list[float] = field(default_factory=list)
    queries: int = 0
    sent: int = 0
    bytes: int = 0


def steps(path: str, send: Send) -> Iterator[tuple[str, int]]:
    """What a prospect does, one request after the other: the name of each, and the size of its answer."""
    yield "offer", send("GET", path, None)[1]
    till, size = send("POST", f"{path}/checkout", {})
    yield "button", size
    back, size = send("POST", f"{till}/choices", {"choice": "pay"})
    yield "paying at the sandbox", size
    there, size = send("GET", back, None)
    yield "back, and taken in", size
    yield "thanks", send("GET", there, None)[1]


def over_http(port: int) -> tuple[Send, http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(method: str, path: str, form: dict[str, str] | None) -> tuple[str, int]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request(method, path, urlencode(form) if form is not None else None, ZIPPED | kind)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        return urlsplit(answer.headers.get("Location", "")).path, len(body)

    return send, connection


def examined(app: Flask, path: str) -> dict[str, tuple[int, int]]:
    """Queries and unpacked bytes of each step, asked within this process."""
    client, found, asked = FreshClient(app, use_cookies=False), {}, [0]

    def send(method: str, path: str, form: dict[str, str] | None) -> tuple[str, int]:
        with statements() as seen:
            answer = client.open(path, method=method, data=form)
        asked[0] = len(seen)
        return urlsplit(answer.headers.get("Location", "")).path, len(answer.data)

    for name, size in steps(path, send):
        found[name] = (asked[0], size)
    return found


def one_by_one(paths: list[str], port: int) -> dict[str, Step]:
    send, connection = over_http(port)
    found: dict[str, Step] = {}
    for path in paths:
        began = time.perf_counter()
        for name, size in steps(path, send):
            step = found.setdefault(name, Step(name))
            step.times.append(time.perf_counter() - began)
            step.sent = size
            began = time.perf_counter()
    connection.close()
    return found


def at_once(paths: list[str], port: int) -> float:
    """Seconds until all of them have come to the thanks."""
    start, failures = threading.Barrier(len(paths) + 1), list[BaseException]()

    def buy(path: str) -> None:
        send, connection = over_http(port)
        start.wait()
        try:
            for _ in steps(path, send):
                pass
        except Exception as failure:
            failures.append(failure)
        connection.close()

    threads = [threading.Thread(target=buy, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} did not come through: {failures[0]}")
    return time.perf_counter() - began


def offers(count: int) -> list[str]:
    sales, audit = factories.sales_pipeline(), buying.product()
    people = [factories.contact(f"Buyer {number}", email=f"buyer{number}@example.com") for number in range(count)]
    deals = [factories.deal(sales, f"Deal {person.id}", contact=person) for person in people]
    return [urlsplit(buy_links.address(buying.offer(audit, deal=deal))).path for deal in deals]


def main(settings: Settings) -> None:
    kind = settings.database_url.split(":", maxsplit=1)[0].partition("+")[0]
    app = serving.application(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
        paths = offers(2 + ONE_BY_ONE + AT_ONCE)
        examined(app, paths.pop())
        inside = examined(app, paths.pop())
        with serving.running(settings) as server:
            found = one_by_one([paths.pop() for _ in range(ONE_BY_ONE)], server.port)
            taken = at_once(paths, server.port)
        db.session.rollback()
        placed = db.session.scalar(select(func.count(Order.id))) or 0
        db.session.remove()
        db.engine.dispose()
    show(kind, found, inside)
    everyone = 2 + ONE_BY_ONE + AT_ONCE
    tables.line(f"{AT_ONCE} at once bought in {taken:.1f} s (at most {SLOWEST:.0f})", taken <= SLOWEST)
    tables.line(f"{placed} orders of {everyone} purchases", placed == everyone)
    tables.line(f"the offer has {inside['offer'][1]:,} bytes (at most {LARGEST:,})", inside["offer"][1] <= LARGEST)


def show(kind: str, found: dict[str, Step], inside: dict[str, tuple[int, int]]) -> None:
    print(f"\n**{kind}, a purchase through the sandbox**\n")
    tables.row(["", "median", "p95", "queries", "sent", "unpacked"])
    tables.row(["---", *["---:"] * 5])
    for step in found.values():
        times = sorted(step.times)
        median, p95 = times[len(times) // 2], times[max(0, int(len(times) * 0.95) - 1)]
        queries, size = inside[step.name]
        figures = (f"{median * 1000:.1f} ms", f"{p95 * 1000:.1f} ms", str(queries), f"{step.sent:,}", f"{size:,}")
        tables.row([step.name, *figures])
    print()


if __name__ == "__main__":
    logs.configure("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        address = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.db"
        main(Settings(instance=Path(folder), database_url=address, secret_key="x" * 32))
