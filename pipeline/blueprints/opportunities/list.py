"""The list of opportunities: filters, order and page stand in its URL."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import filter_bar, opportunity_list, reading
from pipeline.queries.filters import Filter
from pipeline.queries.opportunity_order import NEWEST, By
from pipeline.queries.sorting import Sort
from pipeline.web.auth import me, requires


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index() -> ResponseReturnValue:
    bar, sort = filter_bar.of(Filter.read(request.args)), Sort.read(request.args, NEWEST)
    return render_template(
        "opportunities/list.html",
        By=By,
        bar=bar,
        filter=bar.filter,
        hidden={} if sort == NEWEST else {"sort": str(sort)},
        listed=opportunity_list.listed(bar.filter, sort, reading.number(request.args, "page") or 1, seen_by=me()),
        sort=sort,
    )
