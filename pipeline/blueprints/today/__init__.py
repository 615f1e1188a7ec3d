"""The day of the person who is signed in: what is overdue, due and coming, each done in its place."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.blueprints.today import agenda
from pipeline.domain import access, activities
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.activity import ActivityKind
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires

bp = Blueprint("today", __name__, url_prefix="/today")


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """With `next` and `about` it offers the next task of a deal, as it does when one was just done."""
    offered, about = request.args.get("next"), request.args.get("about", type=int)
    if offered not in set(ActivityKind) or about is None:
        return agenda.whole()
    return agenda.whole(offered=offered, about=access.opportunity(about, to=me()))


@bp.post("/opportunities/<int:opportunity_id>/tasks")
@requires(Permission.OPPORTUNITY_EDIT)
def plan(opportunity_id: int) -> ResponseReturnValue:
    """The next task of a deal whose last one was just done."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm.sent()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    return agenda.redrawn()


@bp.post("/opportunities/<int:opportunity_id>/next-action")
@requires(Permission.OPPORTUNITY_EDIT)
def next_action(opportunity_id: int) -> ResponseReturnValue:
    """What comes next for a deal. Nothing at all is an answer too: the last one was done."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = GROUPS["next_action"].about(opportunity)
    if not form.validate():
        raise RuleBroken(" ".join(error for field in form for error in field.errors))
    with transaction():
        form.apply(opportunity, by=me())
    return agenda.redrawn()


@bp.get("/agenda")
@requires(Permission.SIGNED_IN)
def lists() -> ResponseReturnValue:
    return agenda.redrawn()
