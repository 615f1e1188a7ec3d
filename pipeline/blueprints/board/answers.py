"""What a change of cards looks like on the board it was asked from: the columns it touched, and the board's head."""

from collections.abc import Collection
from dataclasses import replace

from flask import url_for

from pipeline.models.pipeline import Pipeline
from pipeline.queries import board
from pipeline.queries.filters import Filter
from pipeline.web import origin
from pipeline.web.auth import me
from pipeline.web.htmx import Fragment
from pipeline.web.origin import Origin

LOADED = "loaded"


def is_on_board(page: Origin) -> bool:
    path = origin.path(page)
    return path == url_for("board.show") or path.startswith(url_for("board.show") + "/")


def touched(pipeline: Pipeline, stages: Collection[int], page: Origin, loaded: Collection[str] = ()) -> list[Fragment]:
    """The true state of these stages' columns, with as many cards as were `loaded` (“7.50”: 50 of stage 7)."""
    filter = replace(Filter.read(origin.query(page)), pipeline=None)
    shown = board.of(pipeline, filter, seen_by=me(), only=stages, sizes=_sizes(loaded))
    columns = [column for column in shown.columns if column.stage.id in stages]
    return [
        ("board/_summary.html", {"board": shown}),
        *(("board/_column.html", {"column": column, "board": shown}) for column in columns),
    ]


def _sizes(loaded: Collection[str]) -> dict[int, int]:
    pairs = [word.split(".") for word in loaded]
    return {int(stage): int(count) for stage, count in pairs if stage.isdecimal() and count.isdecimal()}
