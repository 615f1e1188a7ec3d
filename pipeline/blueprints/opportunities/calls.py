"""Calls that were made: one click on what came of it logs the call."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, activities
from pipeline.domain.access import Permission
from pipeline.models.activity import ActivityKind
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires

bp = Blueprint("opportunity_calls", __name__, url_prefix="/opportunities/<int:opportunity_id>/calls")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        call = activities.log_call(
            opportunity, request.form.get("outcome", ""), by=me(), notes=request.form.get("notes", "")
        )
    flash(f"Logged the call: {call.outcome}.", "good")
    return record.after_contact(opportunity, ActivityKind.CALL, "call_form", "tasks")
