"""Deleting a contact, and taking that back from the list of deleted ones."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts.blueprint import bp
from pipeline.domain import access, contacts
from pipeline.domain.access import Permission
from pipeline.queries.contact_list import Kind
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx


@bp.get("/<int:contact_id>/deletion/new")
@requires(Permission.OPPORTUNITY_DELETE)
def ask_deletion(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    template = "contacts/_deletion_dialog.html" if is_htmx() else "contacts/deletion.html"
    return render_template(template, contact=contact, level=2 if is_htmx() else 1)


@bp.post("/<int:contact_id>/deletion")
@requires(Permission.OPPORTUNITY_DELETE)
def delete(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    with transaction():
        contacts.delete(contact, by=me())
    flash(f"{contact.name} was deleted. It can be restored here.", "good")
    return go(url_for("contacts.index", kind=Kind.DELETED))


@bp.post("/<int:contact_id>/restoration")
@requires(Permission.OPPORTUNITY_DELETE)
def restore(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me(), deleted=True)
    with transaction():
        contacts.restore(contact, by=me())
    flash(f"{contact.name} is back.", "good")
    return go(url_for("contacts.show", contact_id=contact.id))
