"""The selected ones as a file: the list's own file, with their rows alone."""

from flask import request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.bulk.blueprint import bp
from pipeline.blueprints.opportunities.export import as_file
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.queries import opportunity_list, selection
from pipeline.queries.opportunity_order import NEWEST, ordered
from pipeline.queries.selection import Selection
from pipeline.web.auth import me, requires


@bp.post("/export")
@requires(Permission.OPPORTUNITY_VIEW)
def export() -> ResponseReturnValue:
    chosen = selection.chosen(Selection.read(request.form), seen_by=me())
    return as_file(opportunity_list.every_line_of(db.session.scalars(ordered(chosen, NEWEST)).all(), seen_by=me()))
