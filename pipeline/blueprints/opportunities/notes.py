"""Notes on an opportunity: written, corrected and taken back by who wrote them."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, notes
from pipeline.domain.access import Permission
from pipeline.models.activity import ActivityKind, Note
from pipeline.queries import timeline
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.globals import dom_id
from pipeline.web.htmx import fragments, is_htmx

bp = Blueprint("opportunity_notes", __name__, url_prefix="/opportunities/<int:opportunity_id>/notes")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        notes.write(opportunity, request.form.get("body", ""), by=me())
    return record.after_contact(opportunity, ActivityKind.TODO, "note_form", quietly=True)


@bp.get("/<int:note_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    return _drawn(notes.on(access.opportunity(opportunity_id, to=me()), note_id))


@bp.get("/<int:note_id>/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    note = notes.on(access.opportunity(opportunity_id, to=me()), note_id)
    notes.refuse_unless_author(note, by=me())
    entry = timeline.entry_of(note, to=me())
    if not is_htmx():
        return record.whole(opportunity_id, before=entry.id + 1, editing=dom_id("event", entry.id))
    return _drawn(note, editing=dom_id("event", entry.id))


@bp.post("/<int:note_id>")
@requires(Permission.OPPORTUNITY_EDIT)
def update(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    note = notes.on(access.opportunity(opportunity_id, to=me()), note_id)
    with transaction():
        notes.rewrite(note, request.form.get("body", ""), by=me())
    return _drawn(note)


@bp.post("/<int:note_id>/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def destroy(opportunity_id: int, note_id: int) -> ResponseReturnValue:
    note = notes.on(access.opportunity(opportunity_id, to=me()), note_id)
    with transaction():
        notes.delete(note, by=me())
    return _drawn(note)


def _drawn(note: Note, *, editing: str | None = None) -> ResponseReturnValue:
    """The one entry of the timeline in which the note stands."""
    entry = timeline.entry_of(note, to=me())
    home = url_for("opportunities.show", opportunity_id=note.opportunity_id)
    return fragments(("timeline/_entry.html", {"entry": entry, "editing": editing}), otherwise=home)
