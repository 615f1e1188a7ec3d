"""The board's page. Its filters stand in the URL; `/board` opens the pipeline that was open last, else the default."""

from collections.abc import Sequence
from dataclasses import replace

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.board.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.domain.rules import NotVisible
from pipeline.models.pipeline import Pipeline
from pipeline.models.saved_view import Place
from pipeline.queries import board, filter_bar, view_bar
from pipeline.queries.filters import Filter
from pipeline.web.auth import me, requires
from pipeline.web.origin import asking

LAST = "pipeline"


@bp.get("", defaults={"pipeline_id": None})
@bp.get("/<int:pipeline_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(pipeline_id: int | None) -> ResponseReturnValue:
    pipelines = board.pipelines()
    pipeline = _opened(pipelines, pipeline_id)
    if pipeline is None:
        return render_template("board/none.html")
    asked = request.args
    bar = filter_bar.of(replace(Filter.read(asked), pipeline=None), person=me(), place=Place.BOARD)
    if pipeline_id is None and not asked and (opening := bar.views.opening):
        return redirect(asking(url_for("board.show", pipeline_id=opening.pipeline), opening.query), 303)
    current = bar.views.current(asked)
    here = {"pipeline": str(pipeline.id)} if current and current.pipeline else {}
    shown = view_bar.written({**Filter.read(asked).query(), **here})
    if session.get(LAST) != pipeline.id:
        session[LAST] = pipeline.id
    return render_template(
        "board/show.html",
        bar=bar,
        board=board.of(pipeline, bar.filter, seen_by=me()),
        current=current,
        pipelines=pipelines,
        view_changed=bool(current and view_bar.written(current.asked) != shown),
    )


def _opened(pipelines: Sequence[Pipeline], wanted: int | None) -> Pipeline | None:
    """The one asked for, which must be there; else the last one, the default one, or the first."""
    by_id = {pipeline.id: pipeline for pipeline in pipelines}
    if wanted is not None:
        if wanted not in by_id:
            raise NotVisible("pipeline")
        return by_id[wanted]
    default = next((pipeline for pipeline in pipelines if pipeline.is_default), None)
    return by_id.get(session.get(LAST, 0)) or default or next(iter(pipelines), None)
