"""The tags of an opportunity: put on, taken off, and suggested while one types."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, tags
from pipeline.domain.access import Permission
from pipeline.queries import opportunity_page
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import partials

bp = Blueprint("opportunity_tags", __name__, url_prefix="/opportunities/<int:opportunity_id>/tags")


@bp.get("/suggestions")
@requires(Permission.OPPORTUNITY_VIEW)
def suggestions(opportunity_id: int) -> ResponseReturnValue:
    """Tags it does not wear yet."""
    opportunity = access.opportunity(opportunity_id, to=me())
    return partials(("opportunities/_tag_suggestions.html", {"names": opportunity_page.other_tags(opportunity)}))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        tags.apply(tags.named(request.form.get("name", "")), opportunity, by=me())
    return record.redrawn(opportunity, "tags")


@bp.post("/<int:tag_id>/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def destroy(opportunity_id: int, tag_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        for tag in [tag for tag in opportunity.tags if tag.id == tag_id]:
            tags.remove(tag, opportunity, by=me())
    return record.redrawn(opportunity, "tags")
