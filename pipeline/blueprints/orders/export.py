"""The list of orders as a file: the same filter, the same rows, money in major units beside its currency."""

from collections.abc import Iterator
from operator import attrgetter

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.domain import money
from pipeline.domain.access import Permission
from pipeline.queries import order_list
from pipeline.queries.order_list import Line, Wanted
from pipeline.web import csv
from pipeline.web.auth import me, requires
from pipeline.web.formats import zone

bp = Blueprint("order_export", __name__)

AMOUNTS = ("total", "received", "refunded", "balance")
WORDS = ("buyer_name", "buyer_email", "deal", "state")


@bp.get("/orders.csv")
@requires(Permission.OPPORTUNITY_VIEW)
def download() -> ResponseReturnValue:
    rows = _rows(order_list.every_line(Wanted.read(request.args), seen_by=me()))
    response = Response(stream_with_context(csv.written(rows)), mimetype="text/csv")
    name = f"orders-{clock.today(me()).isoformat()}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _rows(lines: Iterator[Line]) -> Iterator[list[object]]:
    yield ["number", "placed", "by_hand", *WORDS, *AMOUNTS, "currency"]
    here = zone()
    for line in lines:
        placed = line.placed_at.astimezone(here).date()
        words = (str(attrgetter(word)(line)) for word in WORDS)
        amounts = (money.decimal(attrgetter(amount)(line), line.currency) for amount in AMOUNTS)
        yield [line.number, placed, "yes" if line.is_by_hand else "no", *words, *amounts, line.currency]
