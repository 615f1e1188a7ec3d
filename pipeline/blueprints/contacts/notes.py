"""Notes on a contact."""

from flask import request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts import regions
from pipeline.blueprints.contacts.blueprint import bp
from pipeline.domain import access, notes
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.post("/<int:contact_id>/notes")
@requires(Permission.CONTACT_EDIT)
def write(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    with transaction():
        notes.write(contact, request.form.get("body", ""), by=me())
    return regions.redrawn(contact, "note_form")
