"""What a board that is open asks by itself: every quarter of a minute, telling what it has of each column."""

import random
import re
import time
from urllib.parse import urlencode

from backports import zstd

from pipeline.queries.board import PAGE

EVERY = 15.0
SPREAD = (0.75, 1.25)
HEAD = re.compile(r'id="stage-(\d+)-head" data-stamp="(\w*)"')
SINCE = re.compile(r'data-since="([^"]+)"')
CARD = '<article class="card'


class Watch:
    """As the page does it: in its own time, with the stamps of the columns as they were last drawn."""

    def __init__(self, board: str, stages: list[int], die: random.Random) -> None:
        self.board, self.die = board, die
        self.counts = dict.fromkeys(stages, PAGE)
        self.stamps = dict.fromkeys(stages, "")
        self.since = ""
        self.due = time.monotonic() + die.uniform(0, EVERY)

    def is_due(self) -> bool:
        return time.monotonic() >= self.due

    def ask(self) -> tuple[str, None]:
        self.due = time.monotonic() + EVERY * self.die.uniform(*SPREAD)
        has = [("column", f"{stage}.{self.counts[stage]}.{stamp}") for stage, stamp in self.stamps.items()]
        return f"{self.board}/changes?{urlencode([('since', self.since), *has])}", None

    def see(self, answer: bytes, encoding: str | None) -> None:
        """Remember what a board, a change of it or a move has drawn."""
        page = (zstd.decompress(answer) if encoding == "zstd" else answer).decode()
        for part in page.split("<section "):
            for stage, stamp in HEAD.findall(part):
                self.stamps[int(stage)] = stamp
                if stamp:
                    self.counts[int(stage)] = part.count(CARD)
        if since := SINCE.search(page):
            self.since = since[1]

    def forget(self) -> None:
        """All of it is news again."""
        self.stamps = dict.fromkeys(self.stamps, "")
