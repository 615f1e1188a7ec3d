"""The list as a file: the same filter, the same order, the same rows, the same columns; or with every column."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.opportunities import list_state
from pipeline.domain import money
from pipeline.domain.access import Permission
from pipeline.queries import opportunity_list
from pipeline.queries.list_columns import Column
from pipeline.queries.opportunity_list import Line
from pipeline.web import csv
from pipeline.web.auth import me, requires
from pipeline.web.formats import zone

bp = Blueprint("opportunity_export", __name__)

EVERY = "all"
PLAIN = (
    Column.TITLE, Column.CONTACT, Column.COMPANY, Column.EMAIL, Column.PHONE, Column.PIPELINE, Column.STAGE,
    Column.STATUS, Column.OWNER, Column.SOURCE,
)  # fmt: skip

Told = dict[str, Callable[[Line], object]]
"""The columns of the file that one of the list's becomes: money says its currency, a next action its day."""

COLUMNS: dict[Column, Told] = {
    **{column: {str(column): attrgetter(column)} for column in PLAIN},
    Column.NUMBER: {"id": attrgetter("id")},
    Column.VALUE: {
        "value": lambda line: money.decimal(line.value, line.currency),
        "currency": attrgetter("currency"),
    },
    Column.WEIGHTED: {
        "weighted": lambda line: money.decimal(line.weighted, line.currency),
        "currency": attrgetter("currency"),
    },
    Column.CLOSE: {"expected_close": attrgetter("expected_close")},
    Column.NEXT: {"next_action": attrgetter("next_action"), "next_action_on": attrgetter("next_action_on")},
    Column.DAYS: {"days_in_stage": attrgetter("days_in_stage")},
    Column.CREATED: {"created": lambda line: _day(line.created_at)},
    Column.CLOSED: {"closed": lambda line: _day(line.closed_at)},
}


@bp.get("/opportunities.csv")
@requires(Permission.OPPORTUNITY_VIEW)
def download() -> ResponseReturnValue:
    state = list_state.read(request.args, seen_by=me())
    columns = tuple(Column) if request.args.get("columns") == EVERY else state.columns
    return as_file(opportunity_list.every_line(state.filter, state.sort, seen_by=me()), columns)


def as_file(lines: Iterable[Line], columns: Iterable[Column]) -> Response:
    """These lines to be downloaded, some at a time."""
    name = f"opportunities-{clock.today(me()).isoformat()}.csv"
    response = Response(stream_with_context(csv.written(_rows(lines, columns))), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _rows(lines: Iterable[Line], columns: Iterable[Column]) -> Iterator[list[object]]:
    told = {name: value for column in columns for name, value in COLUMNS[column].items()}
    yield list(told)
    for line in lines:
        yield [value(line) for value in told.values()]


def _day(moment: datetime | None) -> date | None:
    """The day a moment lies on where the reader is."""
    return moment and moment.astimezone(zone()).date()
