"""Changing what is known of a contact."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts.blueprint import bp
from pipeline.blueprints.contacts.form import ContactForm
from pipeline.domain import access, contacts
from pipeline.domain.access import Permission
from pipeline.domain.rules import ChangedMeanwhile
from pipeline.queries.changed_fields import Clash, read_back
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go


@bp.get("/<int:contact_id>/edit")
@requires(Permission.CONTACT_EDIT)
def edit(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    access.refuse_unless_contact_editable(contact, by=me())
    return render_template("contacts/edit.html", contact=contact, form=ContactForm.about(contact))


@bp.post("/<int:contact_id>")
@requires(Permission.CONTACT_EDIT)
def update(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    form = ContactForm()
    if not form.validate_on_submit():
        return render_template("contacts/edit.html", contact=contact, form=form), 422
    with transaction():
        seen = form.version.data
        contacts.change(contact, by=me(), seen_version=seen, name=form.name.data, **form.values(by=me()))
    flash("Saved.", "good")
    return go(url_for("contacts.show", contact_id=contact.id))


@bp.errorhandler(ChangedMeanwhile)
def choose(broken: ChangedMeanwhile) -> ResponseReturnValue:
    """The form again, with what somebody else made of it beside what was typed, and the version of now."""
    contact = access.contact((request.view_args or {})["contact_id"], to=me())
    form = ContactForm()
    clash = Clash(broken.message, broken.at, read_back(form.differences(contact)))
    form.version.raw_data, form.version.data = None, contact.version
    return render_template("contacts/edit.html", contact=contact, form=form, clash=clash), 409
