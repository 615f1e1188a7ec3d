"""The page of one contact, and older pages of its timeline."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts.blueprint import bp
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.queries import contact_page, reading, timeline
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx, partials


@bp.get("/<int:contact_id>")
@requires(Permission.CONTACT_VIEW)
def show(contact_id: int) -> ResponseReturnValue:
    return render_template("contacts/show.html", page=contact_page.whole(contact_id, to=me()))


@bp.get("/<int:contact_id>/timeline")
@requires(Permission.CONTACT_VIEW)
def older(contact_id: int) -> ResponseReturnValue:
    """What happened before the entry `before`."""
    before = reading.number(request.args, "before")
    if not is_htmx():
        return render_template("contacts/show.html", page=contact_page.whole(contact_id, to=me(), before=before))
    contact = access.contact(contact_id, to=me())
    return partials(("timeline/_page.html", {"timeline": timeline.page(contact, to=me(), before=before)}))
