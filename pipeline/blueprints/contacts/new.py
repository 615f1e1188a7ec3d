"""A new contact. One that is known already is pointed at, once; who says *anyway* means it."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts.blueprint import bp
from pipeline.blueprints.contacts.form import ContactForm
from pipeline.domain import contacts
from pipeline.domain.access import Permission
from pipeline.models.contact import Contact
from pipeline.queries import contact_duplicates, reading
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, partials


@bp.get("/new")
@requires(Permission.OPPORTUNITY_ADD)
def new() -> ResponseReturnValue:
    form = ContactForm(name=reading.text(request.args, "name"), company=reading.text(request.args, "company"))
    return render_template("contacts/new.html", form=form, duplicates=())


@bp.post("")
@requires(Permission.OPPORTUNITY_ADD)
def create() -> ResponseReturnValue:
    form = ContactForm()
    duplicates = () if form.anyway.data else _known(form.email.data, form.phone.data)
    if not form.validate_on_submit() or duplicates:
        return render_template("contacts/new.html", form=form, duplicates=duplicates), 422
    with transaction():
        contact = contacts.create(form.name.data or "", by=me(), **form.values(by=me()))
    flash(f"{contact.name} was added.", "good")
    return go(url_for("contacts.show", contact_id=contact.id))


@bp.get("/duplicates")
@requires(Permission.OPPORTUNITY_ADD)
def duplicates() -> ResponseReturnValue:
    """While one types: those who have this mail address or phone number already."""
    known = _known(request.args.get("email"), request.args.get("phone"))
    return partials(("contacts/_duplicates.html", {"duplicates": known, "asks": False}))


@bp.get("/companies")
@requires(Permission.CONTACT_VIEW)
def companies() -> ResponseReturnValue:
    """While one types: companies of about this name."""
    typed = reading.text(request.args, "company")
    names = contact_duplicates.companies_like(typed, seen_by=me()) if typed else ()
    return partials(("contacts/_companies.html", {"names": names}))


def _known(email: str | None, phone: str | None) -> Sequence[Contact]:
    return contact_duplicates.like(email, phone, seen_by=me())
