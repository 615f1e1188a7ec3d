"""The next cards of a column, below the last one shown. A plain browser goes to the list of that stage instead."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.board.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import board, filter_bar, reading
from pipeline.queries.board_order import Place
from pipeline.queries.filters import Filter
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx


@bp.get("/stages/<int:stage_id>/cards")
@requires(Permission.OPPORTUNITY_VIEW)
def more(stage_id: int) -> ResponseReturnValue:
    stage = board.stage(stage_id)
    filter = replace(filter_bar.honoured(Filter.read(request.args)), pipeline=None, stage=stage.id)
    below = Place(request.args.get("key", ""), reading.number(request.args, "id") or 0)
    if not is_htmx():
        asked: dict[str, Any] = {**replace(filter, pipeline=stage.pipeline_id).query()}
        return redirect(url_for("opportunities.index", **asked), 303)
    cards, goes_on = board.more(stage, filter, below, seen_by=me())
    return render_template("board/_more.html", cards=cards, filter=filter, goes_on=goes_on, stage=stage)
