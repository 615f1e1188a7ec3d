"""Notes on an opportunity: written, corrected and taken back."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, notes
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires

bp = Blueprint("opportunity_notes", __name__, url_prefix="/opportunities/<int:opportunity_id>/notes")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        notes.write(opportunity, request.form.get("body", ""), by=me())
    return record.redrawn(opportunity, "note_form")


@bp.get("/<int:note_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    return record.regions(opportunity_id, "timeline")


@bp.get("/<int:note_id>/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    note = notes.on(access.opportunity(opportunity_id, to=me()), note_id)
    return record.regions(opportunity_id, "timeline", editing=f"note-{note.id}")


@bp.post("/<int:note_id>")
@requires(Permission.OPPORTUNITY_EDIT)
def update(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    note = notes.on(opportunity, note_id)
    with transaction():
        notes.rewrite(note, request.form.get("body", ""), by=me())
    return record.redrawn(opportunity)


@bp.post("/<int:note_id>/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def destroy(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    note = notes.on(opportunity, note_id)
    with transaction():
        notes.delete(note, by=me())
    return record.redrawn(opportunity)
