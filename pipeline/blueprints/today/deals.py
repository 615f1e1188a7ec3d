"""What comes next for a deal, said without leaving the page."""

from flask import url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.blueprints.today import agenda
from pipeline.blueprints.today.blueprint import bp
from pipeline.domain import access, activities, waking
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page


@bp.get("/opportunities/<int:opportunity_id>/tasks/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new_task(opportunity_id: int) -> ResponseReturnValue:
    return _asked("today/_task_dialog.html", "New task", access.opportunity(opportunity_id, to=me()))


@bp.post("/opportunities/<int:opportunity_id>/tasks")
@requires(Permission.OPPORTUNITY_EDIT)
def plan(opportunity_id: int) -> ResponseReturnValue:
    """A task for a deal; often the next one, when its last was just done."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm.sent()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    return agenda.redrawn(NO_DIALOG)


@bp.get("/opportunities/<int:opportunity_id>/next-action")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_next_action(opportunity_id: int) -> ResponseReturnValue:
    return _asked("today/_next_dialog.html", "What is next?", access.opportunity(opportunity_id, to=me()))


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
    return agenda.redrawn(NO_DIALOG)


@bp.post("/opportunities/<int:opportunity_id>/awake")
@requires(Permission.OPPORTUNITY_EDIT)
def let_be(opportunity_id: int) -> ResponseReturnValue:
    """It woke, and was seen to."""
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        waking.let_be(opportunity, by=me())
    return agenda.redrawn()


def _asked(template: str, title: str, opportunity: Opportunity) -> ResponseReturnValue:
    access.refuse_unless_editable(opportunity, by=me())
    back = url_for("today.show", who=agenda.whose())
    return dialog_page(
        template,
        page="later/page.html",
        status=200,
        title=f"{title}: {opportunity.title}",
        opportunity=opportunity,
        back=back,
    )
