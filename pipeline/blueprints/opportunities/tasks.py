"""What is to be done about an opportunity: shown again, and planned."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.opportunities import record
from pipeline.domain import access, activities
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx

bp = Blueprint("opportunity_tasks", __name__, url_prefix="/opportunities/<int:opportunity_id>/tasks")


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index(opportunity_id: int) -> ResponseReturnValue:
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    return record.regions(opportunity_id, "tasks")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm.sent()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    return record.redrawn(opportunity, "task_form", "tasks")
