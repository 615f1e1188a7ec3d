"""What is drawn again after a change to a contact: the region it touched, and the timeline."""

from flask import url_for
from flask.typing import ResponseReturnValue

from pipeline.models.contact import Contact
from pipeline.queries import contact_page
from pipeline.web.auth import me
from pipeline.web.htmx import fragments, go, is_htmx


def redrawn(contact: Contact, *names: str) -> ResponseReturnValue:
    back = url_for("contacts.show", contact_id=contact.id)
    if not is_htmx():
        return go(back)
    page = {"page": contact_page.whole(contact.id, to=me())}
    return fragments(*((f"contacts/_{name}.html", page) for name in (*names, "timeline")), otherwise=back)
