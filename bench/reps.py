"""A rep who is signed in and knows where to look, and what a rep asks for."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from bench.serving import FLOOR
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User

SECRET = "known to the bench"  # noqa: S105 — it protects nothing
ENOUGH = 400
BROWSER = "gzip, deflate, br, zstd"
Headers = dict[str, str]
Form = dict[str, object]


@dataclass(frozen=True)
class Question:
    """A request: its next address and, for a change, its next form; and whose it is, if not of whoever asks."""

    name: str
    next: Callable[[], tuple[str, Form | None]]
    of: "Rep | None" = None


class Rep:
    """One person's session, with some of their own deals."""

    def __init__(self, app: Flask, person: User, pipeline: Pipeline) -> None:
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        began = time.time()
        session = {"_user_id": f"{person.id}.{person.session_epoch}", "_fresh": True, "_permanent": True}
        session |= {"began": began, "seen": began, "csrf_token": SECRET, "pipeline": pipeline.id}
        self.app = app
        self.pipeline = pipeline.id
        self.board = f"/board/{pipeline.id}"
        self.cookie = f"pipeline={serializer.dumps(session)}"
        self.token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(SECRET)
        self.stages = [stage.id for stage in pipeline.stages if stage.outcome is None]
        mine = select(Opportunity.id, Opportunity.stage_id).where(
            Opportunity.status == Status.OPEN, Opportunity.owner_id == person.id
        )
        self.stands = dict(db.session.execute(mine.order_by(Opportunity.id).limit(ENOUGH)).tuples().all())
        self.deals = list(self.stands)
        random.Random(person.id).shuffle(self.deals)  # noqa: S311 — any order will do
        self.next_deal = itertools.cycle(self.deals)
        db.session.rollback()

    def boards(self) -> Iterator[Question]:
        yield page("floor", FLOOR)
        yield page("board", self.board)
        yield page("board, mine", f"{self.board}?owner=mine")
        yield page("board, a tag", f"{self.board}?tag=3")
        yield page("board, a source", f"{self.board}?source=2")
        yield page("board, “kestrel”", f"{self.board}?q=kestrel")

    def rest(self) -> Iterator[Question]:
        yield Question("move", self.move)
        yield Question("record", lambda: (f"/opportunities/{next(self.next_deal)}", None))
        yield page("list", "/opportunities")
        yield page("search", "/search?q=kestrel")
        yield page("today", "/today")

    def of_their_own(self) -> Iterator[Question]:
        """What someone asks for who sees what is theirs or shared with them, to be told from who sees everything."""
        yield Question("board, a rep's", lambda: (self.board, None), self)
        yield Question("move, a rep's", self.move, self)

    def move(self) -> tuple[str, Form]:
        """A card dragged to the top of the next column."""
        deal = next(self.next_deal)
        self.stands[deal] = self.stages[(self.stages.index(self.stands[deal]) + 1) % len(self.stages)]
        form = {"csrf_token": self.token, "stage_id": self.stands[deal], "via": "drag", "after_id": 0}
        return f"/opportunities/{deal}/moves", form

    def headers(self, port: int, *, htmx: bool) -> Headers:
        sent = {"Cookie": self.cookie, "Accept-Encoding": BROWSER}
        if htmx:
            here = f"http://127.0.0.1:{port}{self.board}"
            sent |= {"HX-Request": "true", "HX-Current-URL": here, "Content-Type": "application/x-www-form-urlencoded"}
        return sent


def page(name: str, address: str) -> Question:
    return Question(name, lambda: (address, None))
