"""Asking for pages as one browser and as eight at once, over HTTP, all kinds in turn so that they share the weather."""

import http.client
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.reps import Question, Rep
from bench.serving import Server
from tests.support.client import FreshClient
from tests.support.counting import statements

TURNS, EACH = 9, 5
CLIENTS = 8
ROUNDS = 3
SECONDS = 0.6
TOO_SLOW = 1.5
GOOD = {200, 204}
CHANGING = re.compile("INSERT INTO |(?<!FOR )UPDATE |DELETE FROM ")


@dataclass
class Answer:
    """How one kind of request was answered; times in seconds, sizes as sent and as unpacked.

    `work` is what one costs the web server's processors: with SQLite all there is, with PostgreSQL without its part.
    `queries` ask, `writes` change; what does both counts as a change.
    """

    name: str
    times: list[float] = field(default_factory=list)
    spent: float = 0.0
    answered: int = 0
    asked_for: float = 0.0
    queries: int = 0
    writes: int = 0
    sent: int = 0
    bytes: int = 0

    @property
    def median(self) -> float:
        return sorted(self.times)[len(self.times) // 2]

    @property
    def work(self) -> float:
        return self.spent / len(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, int(len(self.times) * 0.95) - 1)]

    @property
    def rate(self) -> float:
        return self.answered / self.asked_for


class Client:
    """A connection that is kept open."""

    def __init__(self, rep: Rep, port: int) -> None:
        self.rep, self.port = rep, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.encoding: str | None = None
        """How the last answer is packed."""

    def ask(self, question: Question) -> int:
        """The answer's size as sent; raises when it is not a good one."""
        address, form = question.next()
        status, body = self.send(address, form, question.of)
        if status not in GOOD:
            raise RuntimeError(f"{address} was answered with {status}")
        return len(body)

    def send(self, address: str, form: dict[str, object] | None, of: Rep | None = None) -> tuple[int, bytes]:
        htmx = form is not None or "/changes" in address
        headers = (of or self.rep).headers(self.port, htmx=htmx)
        self.connection.request("POST" if form else "GET", address, urlencode(form) if form else None, headers)
        response = self.connection.getresponse()
        self.encoding = response.getheader("Content-Encoding")
        return response.status, response.read()


def measure(questions: Sequence[Question], rep: Rep, server: Server) -> list[Answer]:
    answers = [_examined(question, rep) for question in questions]
    _one_by_one(questions, answers, rep, server)
    for _ in range(ROUNDS):
        for question, answer in zip(questions, answers, strict=True):
            _all_at_once(question, answer, rep, server.port)
    return answers


def _examined(question: Question, rep: Rep) -> Answer:
    """Asked within this process, of the same application, a second time: what is asked once is asked once."""
    client = FreshClient(rep.app, use_cookies=False)
    for _ in range(2):
        address, form = question.next()
        headers = (question.of or rep).headers(80, htmx=form is not None) | {"Accept-Encoding": "identity"}
        with statements() as asked:
            answer = client.open(address, method="POST" if form else "GET", data=form, headers=headers)
        if answer.status_code not in GOOD:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
    writes = len([statement for statement in asked if CHANGING.search(statement)])
    return Answer(question.name, queries=len(asked) - writes, writes=writes, bytes=len(answer.data))


def _one_by_one(questions: Sequence[Question], answers: Sequence[Answer], rep: Rep, server: Server) -> None:
    """A few of each kind in turn, again and again, until there are enough; slow ones are asked less."""
    client = Client(rep, server.port)
    for question, answer in zip(questions, answers, strict=True):
        for _ in range(4):
            answer.sent = client.ask(question)
    for _ in range(TURNS):
        for question, answer in zip(questions, answers, strict=True):
            if sum(answer.times) < TOO_SLOW:
                before = server.spent()
                answer.times += [_timed(client, question) for _ in range(EACH)]
                answer.spent += server.spent() - before
    client.connection.close()


def _timed(client: Client, question: Question) -> float:
    began = time.perf_counter()
    client.ask(question)
    return time.perf_counter() - began


def _all_at_once(question: Question, answer: Answer, rep: Rep, port: int) -> None:
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
    answer.answered += sum(counts)
    answer.asked_for += time.perf_counter() - began
