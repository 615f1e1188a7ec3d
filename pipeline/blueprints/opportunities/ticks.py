"""Ticks on the checklist of an opportunity."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, checklists
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires

bp = Blueprint("opportunity_ticks", __name__, url_prefix="/opportunities/<int:opportunity_id>/items/<int:item_id>/tick")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int, item_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        checklists.tick(opportunity, checklists.item(opportunity, item_id), by=me())
    return record.redrawn(opportunity, "checklist")


@bp.post("/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def destroy(opportunity_id: int, item_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        checklists.untick(opportunity, checklists.item(opportunity, item_id), by=me())
    return record.redrawn(opportunity, "checklist")
