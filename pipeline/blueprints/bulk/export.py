"""The selected ones as a file: the list's own file, in its order and with its columns, with their rows alone."""

from flask import request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.bulk.blueprint import bp
from pipeline.blueprints.opportunities import list_state
from pipeline.blueprints.opportunities.export import as_file
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.queries import opportunity_list, selection
from pipeline.queries.opportunity_order import ordered
from pipeline.queries.selection import Selection
from pipeline.web import origin
from pipeline.web.auth import me, requires


@bp.post("/export")
@requires(Permission.OPPORTUNITY_VIEW)
def export() -> ResponseReturnValue:
    chosen = selection.chosen(Selection.read(request.form), seen_by=me())
    page = list_state.read(origin.query(origin.asked_from("")), seen_by=me())
    ids = db.session.scalars(ordered(chosen, page.sort)).all()
    return as_file(opportunity_list.every_line_of(ids, seen_by=me()), page.columns)
