"""Where conditions are joined by *and* and *or*. The form changes nothing: it leads back to where it was opened."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import condition_rows
from pipeline.blueprints.opportunities.condition_rows import Rows
from pipeline.domain.access import Permission
from pipeline.queries import filter_bar, filter_words
from pipeline.queries.conditions import Field, Step, Unset, Whose, each
from pipeline.queries.filter_bar import FilterBar
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.ranges import Period
from pipeline.web import origin
from pipeline.web.auth import requires
from pipeline.web.htmx import go, is_htmx, page, partials

bp = Blueprint("conditions", __name__, url_prefix="/opportunities/conditions")

ROOT = "conditions"
BESIDE: Mapping[Field, Mapping[str, str]] = {
    Field.OWNER: {Whose.MINE: "Me", Whose.TEAM: "My team", Whose.NOBODY: "Nobody"},
    Field.STATUS: {one: filter_words.STATUSES[one] for one in (Shown.OPEN, Shown.WON, Shown.LOST, Shown.ABANDONED)},
    Field.SOURCE: {Unset.NONE: "Not known"},
    Field.STEP: {step: filter_words.STEPS[step] for step in Step},
}


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def edit() -> ResponseReturnValue:
    """The form, as it was opened or as one of its buttons left it; *apply* goes back to the page, filtered so."""
    back = origin.asked_from(url_for("opportunities.index"))
    filter = Filter.read(origin.query(back))
    act = request.args.get("do", "")
    if not any(condition_rows.ROW.fullmatch(name) for name in request.args) and not act:
        return _shown(condition_rows.of(filter.any_of), filter, back)
    rows = condition_rows.change(condition_rows.sent(request.args), act)
    if act != "apply":
        return _shown(rows, filter, back)
    if condition_rows.complain(rows):
        return _shown(rows, filter, back, status=422)
    groups = condition_rows.groups_of(rows)
    names_status = any(one.field is Field.STATUS for one in each(groups))
    status = Shown.ALL if names_status and filter.status is Shown.OPEN else filter.status
    return go(origin.asking(back, replace(filter, any_of=groups, status=status).query(), forget=filter.query()))


def _shown(rows: Rows, filter: Filter, back: str, *, status: int = 200) -> ResponseReturnValue:
    groups = condition_rows.groups_of(rows)
    rows = rows or [[condition_rows.blank()]]
    bar = filter_bar.of(replace(filter, any_of=groups))
    asked: dict[str, Any] = {
        "back": back,
        "beside": BESIDE,
        "offered": _offered(bar),
        "operators": filter_words.OPERATORS,
        "fields": filter_words.FIELDS,
        "periods": {period: filter_words.PERIODS[period] for period in Period},
        "go_on": condition_rows.to_go_on_with(rows, request.args.get("do", "")),
        "rows": rows,
        "sentence": filter_words.sentence(groups, bar.names),
    }
    if not is_htmx():
        return page("opportunities/conditions.html", status=status, level=1, **asked)
    if request.args.get("do") or any(condition_rows.ROW.fullmatch(name) for name in request.args):
        return partials(("opportunities/_conditions.html", asked), status=status)
    return render_template("opportunities/_conditions_dialog.html", level=2, **asked)


def _offered(bar: FilterBar) -> dict[str, list[tuple[int, str]]]:
    """What there is to tick for each field of things; a stage says its pipeline where there are several."""
    pipelines = {one.id: one.name for one in bar.pipelines}
    several = len(pipelines) > 1
    stages = [
        (one.id, f"{pipelines[one.parent]}: {one.name}" if several else one.name)
        for pipeline in bar.pipelines
        for one in bar.stages_of(pipeline.id)
        if one.parent is not None
    ]
    lists = {kind: [(one.id, one.name) for one in bar.offered[kind]] for kind in ("pipeline", "owner", "tag", "source")}
    return {**lists, "stage": stages, "status": [], "step": []}
