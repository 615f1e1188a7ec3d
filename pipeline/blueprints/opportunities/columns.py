"""Which columns the list has, and in which order: kept with the person, or with the view that is open."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import saved_views
from pipeline.domain.access import Permission
from pipeline.queries import list_columns
from pipeline.queries.filters import Filter
from pipeline.queries.list_columns import Column
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx, page, partials

bp = Blueprint("list_columns", __name__, url_prefix="/opportunities/columns")


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def edit() -> ResponseReturnValue:
    back = origin.asked_from(url_for("opportunities.index"))
    asked = origin.query(back)
    wanted = asked.get("columns", "")
    kept = "" if wanted else saved_views.columns_of(me())
    chosen = list_columns.chosen(wanted, kept, filter=Filter.read(asked))
    order = [*chosen, *(column for column in Column if column not in chosen)]
    if not is_htmx():
        return page("opportunities/columns.html", level=1, **_asked(order, chosen, back))
    return render_template("opportunities/_columns_dialog.html", level=2, **_asked(order, chosen, back))


@bp.post("")
@requires(Permission.OPPORTUNITY_VIEW)
def update() -> ResponseReturnValue:
    """Keep what is ticked, in the order sent; a button that moves a row only shows the rows in their new order."""
    back = origin.asked_from(url_for("opportunities.index"))
    order = list(list_columns.read(request.form.getlist("order"))) or list(Column)
    chosen = list_columns.read(["title", *request.form.getlist("columns")])
    if moved := next((name for name in request.form if name.startswith("place-")), None):
        _place(order, moved.removeprefix("place-"), request.form[moved])
        asked = _asked(order, chosen, back)
        if is_htmx():
            return partials(("opportunities/_columns.html", asked))
        return page("opportunities/columns.html", level=1, **asked)
    is_usual, shown = request.form.get("do") == "usual", origin.query(back)
    if "view" in shown:
        columns = list_columns.usual(Filter.read(shown)) if is_usual else _ticked(order, chosen)
        return go(origin.asking(back, {"columns": list_columns.written(columns)}))
    with transaction():
        saved_views.keep_columns(list_columns.written(() if is_usual else _ticked(order, chosen)), by=me())
    return go(origin.asking(back, {}, forget=["columns"]))


def _ticked(order: Sequence[Column], chosen: Sequence[Column]) -> Sequence[Column]:
    return [column for column in order if column in chosen]


def _place(order: list[Column], name: str, place: str) -> None:
    """The title stays first; places are counted among the others."""
    if name in set(order) and name != Column.TITLE and place.isdecimal():
        order.remove(Column(name))
        order.insert(1 + int(place), Column(name))


def _asked(order: Sequence[Column], chosen: Sequence[Column], back: str) -> dict[str, Any]:
    return {"order": order, "chosen": chosen, "back": back, "names": list_columns.NAMES}
