"""How far an import is, what became of its rows, and the rejected ones as a file."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.imports.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.domain.importing import batches, reading, rejects, uploads
from pipeline.models.importing import ImportState
from pipeline.queries import imports
from pipeline.web.auth import requires
from pipeline.web.htmx import go, page, partials


@bp.get("/<int:batch_id>")
@requires(Permission.ADMINISTER)
def show(batch_id: int) -> ResponseReturnValue:
    batch = uploads.find(batch_id)
    if batch.state is ImportState.MAPPING:
        return go(url_for("imports.mapping", batch_id=batch.id))
    if batch.is_running:
        return page("imports/running.html", batch=batch)
    number = max(request.args.get("page", 1, type=int), 1)
    return page("imports/result.html", batch=batch, rejects=imports.rejects(batch, number))


@bp.get("/<int:batch_id>/progress")
@requires(Permission.ADMINISTER)
def progress(batch_id: int) -> ResponseReturnValue:
    """What the running page asks for every second; the result, once there is one."""
    batch = uploads.find(batch_id)
    if not batch.is_running:
        return go(url_for("imports.show", batch_id=batch.id))
    return partials(("imports/_progress.html", {"batch": batch}))


@bp.get("/<int:batch_id>/rejects.csv")
@requires(Permission.ADMINISTER)
def rejected(batch_id: int) -> ResponseReturnValue:
    batch = uploads.find(batch_id)
    sheet = reading.read(batches.content_of(batch))
    response = Response(rejects.written(sheet.headers, imports.every_reject(batch)), mimetype="text/csv")
    name = f"{batch.file_name.rpartition('.')[0] or batch.file_name}-rejected.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
