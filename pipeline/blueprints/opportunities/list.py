"""The list of opportunities: filters, order, columns and page stand in its URL; it may begin with a saved view."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import list_state
from pipeline.blueprints.opportunities.blueprint import bp
from pipeline.blueprints.opportunities.list_state import ListState
from pipeline.domain.access import Permission
from pipeline.models.saved_view import Place
from pipeline.queries import filter_bar, list_columns, opportunity_list, reading, view_bar
from pipeline.queries.filters import Filter
from pipeline.queries.opportunity_order import NEWEST
from pipeline.queries.sorting import Sort
from pipeline.web.auth import me, requires
from pipeline.web.origin import asking


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index() -> ResponseReturnValue:
    asked, person = request.args, me()
    wanted = Filter.read(asked)
    bar = filter_bar.of(wanted, person=person, place=Place.LIST)
    if not asked and bar.views.opening:
        return redirect(asking(url_for("opportunities.index"), bar.views.opening.query), 303)
    state = ListState(
        bar.filter,
        Sort.read(asked, NEWEST),
        list_columns.chosen(asked.get("columns", ""), bar.views.columns, filter=bar.filter),
    )
    current, shown = bar.views.current(asked), replace(state, filter=wanted)
    page = reading.number(asked, "page") or 1
    return render_template(
        "opportunities/list.html",
        bar=bar,
        columns=state.columns,
        current=current,
        filter=bar.filter,
        hidden=list_state.hidden(asked),
        listed=opportunity_list.listed(bar.filter, state.sort, page, seen_by=person),
        names=list_columns.NAMES,
        numbers=list_columns.NUMBERS,
        sort=state.sort,
        sorts=list_columns.SORTS,
        view_changed=bool(current and view_bar.written(current.asked) != view_bar.written(shown.asked())),
    )
