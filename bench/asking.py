"""What a rep asks for, as one browser or as eight at once, over HTTP."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from bench.serving import FLOOR
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from tests.support.client import FreshClient
from tests.support.counting import statements

SECRET = "known to the bench"  # noqa: S105 — it protects nothing
ONE_BY_ONE = 40
CLIENTS = 8
SECONDS = 2.0
TOO_SLOW = 3.0
GOOD = 200
Headers = dict[str, str]


@dataclass(frozen=True)
class Question:
    """A request: its next address and, for a change, its next form."""

    name: str
    next: Callable[[], tuple[str, dict[str, object] | None]]


@dataclass
class Answer:
    """How one kind of request was answered; times in seconds."""

    name: str
    times: list[float] = field(default_factory=list)
    rate: float = 0.0
    queries: int = 0
    bytes: int = 0

    @property
    def median(self) -> float:
        return sorted(self.times)[len(self.times) // 2]

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95) - 1]


class Rep:
    """Someone signed in, who knows where to look."""

    def __init__(self, app: Flask, person: User, pipeline: Pipeline) -> None:
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        began = time.time()
        session = {"_user_id": f"{person.id}.{person.session_epoch}", "_fresh": True, "_permanent": True}
        session |= {"began": began, "seen": began, "csrf_token": SECRET, "pipeline": pipeline.id}
        self.app = app
        self.board = f"/board/{pipeline.id}"
        self.cookie = f"pipeline={serializer.dumps(session)}"
        self.token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(SECRET)
        self.stages = itertools.cycle([stage.id for stage in pipeline.stages if stage.outcome is None])
        deals = select(Opportunity.id).where(Opportunity.status == Status.OPEN).limit(500)
        self.deals = itertools.cycle(db.session.scalars(deals).all())
        db.session.rollback()

    def questions(self) -> Iterator[Question]:
        for name, address in (
            ("floor", FLOOR),
            ("board", self.board),
            ("board, mine", f"{self.board}?owner=mine"),
            ("board, “kestrel”", f"{self.board}?q=kestrel"),
        ):
            yield Question(name, lambda address=address: (address, None))  # type: ignore[misc]
        yield Question("move", self._move)
        yield Question("record", lambda: (f"/opportunities/{next(self.deals)}", None))
        for name, address in (("list", "/opportunities"), ("search", "/search?q=kestrel"), ("today", "/today")):
            yield Question(name, lambda address=address: (address, None))  # type: ignore[misc]

    def _move(self) -> tuple[str, dict[str, object]]:
        form = {"csrf_token": self.token, "stage_id": next(self.stages), "via": "drag", "after_id": 0}
        return f"/opportunities/{next(self.deals)}/moves", form

    def headers(self, port: int, form: bool) -> Headers:
        sent = {"Cookie": self.cookie}
        if form:
            page = f"http://127.0.0.1:{port}{self.board}"
            sent |= {"HX-Request": "true", "HX-Current-URL": page, "Content-Type": "application/x-www-form-urlencoded"}
        return sent


class Client:
    """A connection that is kept open."""

    def __init__(self, rep: Rep, port: int) -> None:
        self.rep, self.port = rep, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, question: Question) -> int:
        """The answer's size; raises when it is not a good one."""
        address, form = question.next()
        body = urlencode(form) if form else None
        headers = self.rep.headers(self.port, form is not None)
        self.connection.request("POST" if form else "GET", address, body, headers)
        response = self.connection.getresponse()
        size = len(response.read())
        if response.status != GOOD:
            raise RuntimeError(f"{address} was answered with {response.status}")
        return size


def measure(question: Question, rep: Rep, port: int) -> Answer:
    answer = Answer(question.name, queries=_queries(question, rep))
    client = Client(rep, port)
    for _ in range(4):
        answer.bytes = client.ask(question)
    until = time.perf_counter() + TOO_SLOW
    while len(answer.times) < ONE_BY_ONE and time.perf_counter() < until:
        began = time.perf_counter()
        client.ask(question)
        answer.times.append(time.perf_counter() - began)
    client.connection.close()
    answer.rate = _rate(question, rep, port)
    return answer


def _queries(question: Question, rep: Rep) -> int:
    """Asked within this process, of the same application, a second time: what is asked once is asked once."""
    client = FreshClient(rep.app, use_cookies=False)
    for _ in range(2):
        address, form = question.next()
        with statements() as asked:
            headers = rep.headers(80, form is not None)
            status = client.open(address, method="POST" if form else "GET", data=form, headers=headers).status_code
        if status != GOOD:
            raise RuntimeError(f"{address} was answered with {status}")
    return len(asked)


def _rate(question: Question, rep: Rep, port: int) -> float:
    """Good answers a second to several clients at once."""
    counts: list[int] = []
    end = time.perf_counter() + SECONDS

    def keep_asking() -> None:
        client, count = Client(rep, port), 0
        while time.perf_counter() < end:
            client.ask(question)
            count += 1
        client.connection.close()
        counts.append(count)

    threads = [threading.Thread(target=keep_asking) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) < CLIENTS:
        raise RuntimeError(f"{question.name}: a client was refused")
    return sum(counts) / (time.perf_counter() - began)
