"""The tags of a contact."""

from flask import request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts import regions
from pipeline.blueprints.contacts.blueprint import bp
from pipeline.domain import access, tags
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.post("/<int:contact_id>/tags")
@requires(Permission.CONTACT_EDIT)
def tag(contact_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    with transaction():
        tags.apply(tags.named(request.form.get("name", "")), contact, by=me())
    return regions.redrawn(contact, "tags")


@bp.post("/<int:contact_id>/tags/<int:tag_id>/removal")
@requires(Permission.CONTACT_EDIT)
def untag(contact_id: int, tag_id: int) -> ResponseReturnValue:
    contact = access.contact(contact_id, to=me())
    with transaction():
        for worn in [worn for worn in contact.tags if worn.id == tag_id]:
            tags.remove(worn, contact, by=me())
    return regions.redrawn(contact, "tags")
