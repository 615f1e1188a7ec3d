"""How far a change to many is, what became of each, and what can still be done about it."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.bulk import endings
from pipeline.blueprints.bulk.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.domain.bulk import runs
from pipeline.queries import bulk_runs, reading
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page, partials


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index() -> ResponseReturnValue:
    return page("bulk/index.html", runs=bulk_runs.recent(me()))


@bp.get("/<int:run_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(run_id: int) -> ResponseReturnValue:
    run = runs.find(run_id, by=me())
    if run.is_running:
        return page("bulk/running.html", run=run)
    refusals = bulk_runs.refusals(run, reading.number(request.args, "page") or 1, seen_by=me())
    return page(
        "bulk/result.html",
        run=run,
        refusals=refusals,
        remarks=bulk_runs.remarks(run, seen_by=me()) if run.undoes_id else [],
        past=runs.past(run),
        is_undoable=run.started_by_id == me().id and runs.can_be_undone(run),
    )


@bp.get("/<int:run_id>/progress")
@requires(Permission.OPPORTUNITY_VIEW)
def progress(run_id: int) -> ResponseReturnValue:
    """What the running page asks for every second; the result, once there is one."""
    run = runs.find(run_id, by=me())
    if not run.is_running:
        return go(url_for("bulk.show", run_id=run.id))
    return partials(("bulk/_progress.html", {"run": run}))


@bp.post("/<int:run_id>/undo")
@requires(Permission.OPPORTUNITY_EDIT)
def undo(run_id: int) -> ResponseReturnValue:
    run = runs.find(run_id, by=me())
    with transaction():
        back = runs.undo(run, by=me())
    return endings.lead_on(back)


@bp.post("/<int:run_id>/stop")
@requires(Permission.OPPORTUNITY_EDIT)
def stop(run_id: int) -> ResponseReturnValue:
    run = runs.find(run_id, by=me())
    with transaction():
        runs.stop(run, f"{me().name} stopped it.")
    return go(url_for("bulk.show", run_id=run.id))


@bp.post("/<int:run_id>/continuation")
@requires(Permission.OPPORTUNITY_EDIT)
def resume(run_id: int) -> ResponseReturnValue:
    run = runs.find(run_id, by=me())
    with transaction():
        runs.resume(run)
    flash("It goes on.", "good")
    return go(url_for("bulk.show", run_id=run.id))
