"""Thirty reps at once for a minute, on the product as `pipeline up` runs it: is anything lost, late, or too big?

Each rep has a session, deals and a pace of their own, and a board that looks for news every quarter of a minute. What
each was told of a move is compared with the database. Nobody works without a pause, but some do in a hurry: the last
seconds are at twice the pace, to be seen, not to be judged.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import pairwise

import psutil
from sqlalchemy import func, select

from bench import company, filling, tables
from bench.asking import GOOD, Client
from bench.reps import Question, Rep, page
from bench.watching import Watch
from pipeline import create_app, migrations
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, StageMove
from pipeline.settings import Settings
from tests.support.product import free_port, wait_for

DEALS = 20_000
MINUTE = 60.0
ALONE = 15
LOOKS = 6
THINKS = (1.0, 3.0)
HURRY, HURRIED = 0.5, 20.0
LATE = 5.0
MOST_MEMORY = 250
MEGABYTE = 1 << 20
PATIENCE = 60


@dataclass
class Told:
    """What the reps saw: times by kind of request, what went wrong, where each deal was put; and the memory used."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    put: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    memory: list[int] = field(default_factory=list)


class Busy:
    """A rep who moves, reads and looks, by a die of their own, while their board looks for news by itself."""

    def __init__(self, rep: Rep, port: int, seed: int) -> None:
        self.rep, self.client, self.die = rep, Client(rep, port), random.Random(seed)  # noqa: S311
        self.watch = Watch(rep.board, rep.stages, self.die)
        self.poll = Question("live poll", self.watch.ask)
        work = {
            page("board", rep.board): 6,
            Question("move", rep.move): 5,
            Question("record", lambda: (f"/opportunities/{next(rep.next_deal)}", None)): 5,
            page("list", "/opportunities"): 2,
            page("search", "/search?q=kestrel"): 2,
            page("today", "/today"): 2,
        }
        self.questions, self.weights = list(work), list(work.values())

    def act(self, told: Told) -> None:
        if self.watch.is_due():
            self.ask(self.poll, told)
        self.ask(self.die.choices(self.questions, self.weights)[0], told)

    def ask(self, question: Question, told: Told) -> None:
        address, form = question.next()
        began = time.perf_counter()
        try:
            status, body = self.client.send(address, form)
        except (OSError, HTTPException) as failure:
            told.errors.append(f"{question.name}: {failure!r}")
            self.client = Client(self.rep, self.client.port)
            return
        told.times[question.name].append(time.perf_counter() - began)
        if status not in GOOD:
            told.errors.append(f"{question.name}: {status} {body[:80]!r}")
            return
        if form:
            told.put[int(address.split("/")[2])].append(int(str(form["stage_id"])))
        if address.startswith(self.rep.board) or form:
            self.watch.see(body, self.client.encoding)


def main(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
        pipeline, people = company.found()
        filling.grow_to(DEALS, pipeline)
        before = _stages()
        reps = [Rep(app, person, pipeline) for person in people]
        with _product(settings) as (port, process):
            alone = _alone(Busy(reps[1], port, 0))
            together = _together(reps, port, process, MINUTE)
            hurried = _together(reps, port, process, HURRIED, HURRY)
        db.session.rollback()
        _tell(alone, together, hurried, _lost(before, [alone, together, hurried]))
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _product(settings: Settings) -> Iterator[tuple[int, psutil.Process]]:
    """Everything that `pipeline up` starts, on a port of its own."""
    port, log = free_port(), settings.instance / "up.log"
    environment = os.environ | {
        "PIPELINE_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "pipeline", "up"], env=environment, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _alone(busy: Busy) -> Told:
    """Each kind of request a few times, by the only one there is: first for warmth, and all is always news."""
    told = Told()
    for warm in (True, False):
        told.times.clear()
        for question in (*busy.questions, busy.poll):
            for _ in range(4 if warm else ALONE):
                busy.watch.forget()
                busy.ask(question, told)
    return told


def _together(reps: Sequence[Rep], port: int, process: psutil.Process, seconds: float, hurry: float = 1.0) -> Told:
    told, end = Told(), time.perf_counter() + seconds

    def one(number: int, rep: Rep) -> None:
        busy = Busy(rep, port, number)
        time.sleep(busy.die.uniform(0, THINKS[1]) * hurry)
        while time.perf_counter() < end:
            busy.act(told)
            time.sleep(busy.die.uniform(*THINKS) * hurry)

    threads = [threading.Thread(target=one, args=(number, rep)) for number, rep in enumerate(reps)]
    for thread in threads:
        thread.start()
    for _ in range(LOOKS):
        time.sleep(seconds / LOOKS)
        told.memory.append(_proportional_memory(process))
    for thread in threads:
        thread.join()
    return told


def _proportional_memory(process: psutil.Process) -> int:
    """Of all its processes, Valkey's too, with what they share counted once."""
    return sum(each.memory_full_info().pss for each in [process, *process.children(recursive=True)])


def _stages() -> dict[int, int]:
    return dict(db.session.execute(select(Opportunity.id, Opportunity.stage_id)).tuples().all())


def _lost(before: dict[int, int], tales: Sequence[Told]) -> list[str]:
    """Moves that a rep was told of and the database does not know."""
    after = _stages()
    lines: Counter[int] = Counter()
    lines.update(
        dict(
            db.session.execute(
                select(StageMove.opportunity_id, func.count())
                .where(StageMove.source_id.is_not(None))
                .group_by(StageMove.opportunity_id)
            )
            .tuples()
            .all()
        )
    )
    lost = []
    for deal in {deal for told in tales for deal in told.put}:
        way = [before[deal], *(stage for told in tales for stage in told.put.get(deal, ()))]
        steps = sum(here != there for here, there in pairwise(way))
        if after[deal] != way[-1] or lines[deal] != steps:
            lost.append(f"deal {deal} went {way}; it is in {after[deal]}, with {lines[deal]} lines of history")
    return lost


def _tell(alone: Told, together: Told, hurried: Told, lost: Sequence[str]) -> None:
    medians = {name: sorted(times)[len(times) // 2] for name, times in alone.times.items()}
    pace = f"{MINUTE:.0f} s, a request each in {sum(THINKS) / 2:.0f} s"
    print(f"\n**{company.REPS} reps at once for {pace}; SQLite, {DEALS:,} deals**\n")
    tables.row(["", "requests", "median alone", "median", "p95", "of median alone"])
    tables.row(["---", *["---:"] * 5])
    for name, times in sorted(together.times.items()):
        times.sort()
        median, p95, base = times[len(times) // 2], times[int(len(times) * 0.95)], medians[name]
        cells = (f"{each * 1000:.1f} ms" for each in (base, median, p95))
        tables.row([name, str(len(times)), *cells, f"{p95 / base:.1f} ×"])
    tales = (alone, together, hurried)
    errors = [error for told in tales for error in told.errors]
    asked = sum(len(times) for told in tales for times in told.times.values())
    moves = sum(len(way) for told in tales for way in told.put.values())
    print()
    for each in [*errors, *lost][:10]:
        print(f"  {each}")
    p95, most = _late(together, medians), max(together.memory + hurried.memory) / MEGABYTE
    tables.line(f"{len(errors)} errors in {asked:,} requests (none)", not errors)
    tables.line(f"{len(lost)} of {moves:,} moves lost (none)", not lost)
    tables.line(f"p95 is {p95:.1f} × the median of one client (at most {LATE:.0f})", p95 <= LATE)
    tables.line(f"the whole product takes {most:.0f} MB at most (below {MOST_MEMORY})", most < MOST_MEMORY)
    print(f"- at twice the pace, p95 is {_late(hurried, medians):.1f} × the median of one client")


def _late(told: Told, medians: Mapping[str, float]) -> float:
    """The 95th percentile of how many times as long as alone each took."""
    late = sorted(each / medians[name] for name, times in told.times.items() for each in times)
    return late[int(len(late) * 0.95)]
