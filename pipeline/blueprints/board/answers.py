"""What a change of cards looks like on the board it was asked from: the true card, what it touched, and the head."""

from collections.abc import Collection, Set
from dataclasses import replace

from flask import url_for

from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.queries import board, board_places, filter_bar
from pipeline.queries.board import Board, Column
from pipeline.queries.board_places import Placed
from pipeline.queries.filters import Filter
from pipeline.web import origin
from pipeline.web.auth import me
from pipeline.web.htmx import Fragment
from pipeline.web.origin import Origin

LOADED = "loaded"


def is_on_board(page: Origin) -> bool:
    path = origin.path(page)
    return path == url_for("board.show") or path.startswith(url_for("board.show") + "/")


def filter_of(page: Origin) -> Filter:
    """What the board shows that was asked from, in which order."""
    return replace(filter_bar.honoured(Filter.read(origin.query(page))), pipeline=None)


def sums(shown: Board) -> list[Fragment]:
    """What the whole board comes to: in its head, and where all of it can be selected."""
    return [("board/_summary.html", {"board": shown}), ("bulk/_everything.html", {"everything": shown.count})]


def touched(pipeline: Pipeline, stages: Collection[int], page: Origin, loaded: Collection[str] = ()) -> list[Fragment]:
    """The true state of these stages' columns, with as many cards as were `loaded` (“7.50”: 50 of stage 7)."""
    filter = filter_of(page)
    shown = board.of(pipeline, filter, seen_by=me(), only=stages, sizes=_sizes(loaded))
    columns = [column for column in shown.columns if column.stage.id in stages]
    return [
        *sums(shown),
        *(("board/_column.html", {"column": column, "board": shown}) for column in columns),
        *(("board/_tab.html", {"column": column}) for column in columns),
    ]


def moved(opportunity: Opportunity, stages: Set[int], page: Origin, loaded: Collection[str] = ()) -> list[Fragment]:
    """One card in its true place, and the heads of the `stages` that it touched.

    The other cards stay as the browser has them, also one that is being dragged or waits for its own answer.
    """
    here = opportunity.stage_id
    filter = filter_of(page)
    shown = board.of(opportunity.pipeline, filter, seen_by=me(), only=())
    count = min(_sizes(loaded).get(here, board.PAGE), board.MOST)
    home = next((column for column in shown.columns if column.stage.id == here), None)
    placed = board_places.of(opportunity.id, home.stage, filter, count, seen_by=me()) if home else None
    parts: list[Fragment] = [*sums(shown), ("board/_taken_away.html", {"opportunity_id": opportunity.id})]
    for column in shown.columns:
        if column.stage.id in stages | {here}:
            parts += _column(column, shown, placed if column is home else None, count)
    return parts


def _column(column: Column, shown: Board, placed: Placed | None, loaded: int) -> list[Fragment]:
    parts: list[Fragment] = [
        ("board/_column_head.html", {"column": column, "board": shown}),
        ("board/_tab.html", {"column": column}),
    ]
    if placed is None:
        return parts if column.count else [*parts, ("board/_emptied.html", {"column": column, "board": shown})]
    parts.append(("board/_placed.html", {"stage": column.stage, "card": placed.card, "below": placed.below}))
    if loaded <= placed.count < column.count:
        rest = {"stage": column.stage, "last": placed.card, "filter": shown.filter}
        parts.append(("board/_show_more.html", rest))
    return parts


def _sizes(loaded: Collection[str]) -> dict[int, int]:
    pairs = [word.split(".") for word in loaded]
    return {int(stage): int(count) for stage, count in pairs if stage.isdecimal() and count.isdecimal()}
