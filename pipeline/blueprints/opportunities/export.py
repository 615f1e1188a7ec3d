"""The list as a file: the same filter, the same order, the same rows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.domain import money
from pipeline.domain.access import Permission
from pipeline.queries import filter_bar, opportunity_list
from pipeline.queries.filters import Filter
from pipeline.queries.opportunity_list import Line
from pipeline.queries.opportunity_order import NEWEST
from pipeline.queries.sorting import Sort
from pipeline.web import csv
from pipeline.web.auth import me, requires
from pipeline.web.formats import zone

bp = Blueprint("opportunity_export", __name__)

COLUMNS: dict[str, Callable[[Line], object]] = {
    "id": attrgetter("id"),
    "title": attrgetter("title"),
    "contact": attrgetter("contact"),
    "company": attrgetter("company"),
    "email": attrgetter("email"),
    "phone": attrgetter("phone"),
    "pipeline": attrgetter("pipeline"),
    "stage": attrgetter("stage"),
    "status": attrgetter("status"),
    "owner": attrgetter("owner"),
    "value": lambda line: money.decimal(line.value, line.currency),
    "currency": attrgetter("currency"),
    "expected_close": attrgetter("expected_close"),
    "next_action": attrgetter("next_action"),
    "next_action_on": attrgetter("next_action_on"),
    "source": attrgetter("source"),
    "days_in_stage": attrgetter("days_in_stage"),
    "created": lambda line: _day(line.created_at),
    "closed": lambda line: _day(line.closed_at),
}


@bp.get("/opportunities.csv")
@requires(Permission.OPPORTUNITY_VIEW)
def download() -> ResponseReturnValue:
    filter, sort = filter_bar.honoured(Filter.read(request.args)), Sort.read(request.args, NEWEST)
    return as_file(opportunity_list.every_line(filter, sort, seen_by=me()))


def as_file(lines: Iterable[Line]) -> Response:
    """These lines to be downloaded, some at a time."""
    name = f"opportunities-{clock.today(me()).isoformat()}.csv"
    response = Response(stream_with_context(csv.written(_rows(lines))), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _rows(lines: Iterable[Line]) -> Iterator[list[object]]:
    yield list(COLUMNS)
    for line in lines:
        yield [value(line) for value in COLUMNS.values()]


def _day(moment: datetime | None) -> date | None:
    """The day a moment lies on where the reader is."""
    return moment and moment.astimezone(zone()).date()
