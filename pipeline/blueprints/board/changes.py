"""What changed on a board since it was drawn: only the columns that look different now, or nothing at all (204).

The browser tells what it has of each column, “7.50.1c3a”: 50 cards of stage 7, stamped so. The board is built as for
its page, so what a person may no longer see is simply not there. It only reads, hence GET: no token grows too old.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.board import answers
from pipeline.blueprints.board.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import board, board_news
from pipeline.queries.board import Board, Column
from pipeline.queries.filters import Filter
from pipeline.web.auth import me, requires, unattended
from pipeline.web.htmx import Fragment, is_htmx, morphed

LONGEST = 60


@bp.get("/<int:pipeline_id>/changes")
@requires(Permission.OPPORTUNITY_VIEW)
@unattended
def changes(pipeline_id: int) -> ResponseReturnValue:
    pipeline = board.pipeline(pipeline_id)
    filter = replace(Filter.read(request.args), pipeline=None)
    if not is_htmx():
        asked: dict[str, Any] = {**filter.query()}
        return redirect(url_for("board.show", pipeline_id=pipeline.id, **asked), 303)
    known = Known.read(request.args.getlist("column"))
    shown = board.of(pipeline, filter, seen_by=me(), sizes=known.sizes)
    changed = [column for column in shown.columns if known.stamps.get(column.stage.id) != column.stamp]
    same_stages = list(known.stamps) == [column.stage.id for column in shown.columns]
    if same_stages and not changed:
        return "", 204
    return morphed(*(_columns(shown, changed) if same_stages else _whole(shown)), *_around(shown, changed))


@dataclass(frozen=True)
class Known:
    """What a browser has: of each stage, in order, how many cards, and the stamp."""

    sizes: dict[int, int]
    stamps: dict[int, str]

    @classmethod
    def read(cls, told: Sequence[str]) -> "Known":
        words = [word.split(".") for word in told[:LONGEST]]
        said = [(int(word[0]), int(word[1]), word[2]) for word in words if _makes_sense(word)]
        return cls({stage: count for stage, count, _ in said}, {stage: stamp for stage, _, stamp in said})


def _makes_sense(word: list[str]) -> bool:
    numbers = word[:2]
    return len(word) == 3 and all(part.isascii() and part.isdecimal() and len(part) < 10 for part in numbers)  # noqa: PLR2004


def _columns(shown: Board, changed: Sequence[Column]) -> list[Fragment]:
    return [
        *(("board/_column.html", {"column": column, "board": shown}) for column in changed),
        *(("board/_tab.html", {"column": column}) for column in changed),
    ]


def _whole(shown: Board) -> list[Fragment]:
    """Stages came, went or changed places."""
    return [("board/_columns.html", {"board": shown}), ("board/_tabs.html", {"board": shown})]


def _around(shown: Board, changed: Sequence[Column]) -> list[Fragment]:
    news = board_news.since(_since(shown), [card.id for column in changed for card in column.cards], seen_by=me())
    return [*answers.sums(shown), ("board/_watch.html", {"board": shown, "news": news})]


def _since(shown: Board) -> datetime:
    """When the browser was last told; a moment that makes no sense is now, about which there is no news yet."""
    try:
        then = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return shown.as_of
    return then if then.tzinfo else shown.as_of
