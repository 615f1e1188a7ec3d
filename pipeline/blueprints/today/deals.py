"""What comes next for a deal, said without leaving the page."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.opportunities.fact_form import FactForm
from pipeline.blueprints.opportunities.fact_groups import NextActionForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.blueprints.today import agenda
from pipeline.blueprints.today.blueprint import bp
from pipeline.domain import access, activities, waking
from pipeline.domain.access import Permission
from pipeline.models.opportunity import Opportunity
from pipeline.queries import staff
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page


@bp.get("/opportunities/<int:opportunity_id>/tasks/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new_task(opportunity_id: int) -> ResponseReturnValue:
    return _asked_to_plan(access.editable_opportunity(opportunity_id, by=me()))


@bp.post("/opportunities/<int:opportunity_id>/tasks")
@requires(Permission.OPPORTUNITY_EDIT)
def plan(opportunity_id: int) -> ResponseReturnValue:
    """A task for a deal; often the next one, when its last was just done."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm()
    again = refusing_into(form, lambda: _again(opportunity, form))
    if not form.validate():
        return again()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    return agenda.redrawn(NO_DIALOG)


@bp.get("/opportunities/<int:opportunity_id>/next-action")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_next_action(opportunity_id: int) -> ResponseReturnValue:
    """What was noted without a day is there to be given one; what has its day is asked to be followed."""
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    noted = opportunity.next_action if opportunity.next_action_on is None else None
    known = {"next_action": noted, "version": opportunity.version}
    return _asked_what_is_next(opportunity, NextActionForm(formdata=None, data=known))


@bp.post("/opportunities/<int:opportunity_id>/next-action")
@requires(Permission.OPPORTUNITY_EDIT)
def next_action(opportunity_id: int) -> ResponseReturnValue:
    """What comes next for a deal. Nothing at all is an answer too: the last one was done."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = NextActionForm.about(opportunity)
    again = refusing_into(form, lambda: _asked_what_is_next(opportunity, form, status=422))
    if not form.validate():
        return again()
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


def _again(opportunity: Opportunity, form: ActivityForm) -> ResponseReturnValue:
    if "offered" in request.form:
        return agenda.offered_again(opportunity, form)
    return _asked_to_plan(opportunity, sent=form, status=422)


def _asked_to_plan(
    opportunity: Opportunity, *, sent: ActivityForm | None = None, status: int = 200
) -> ResponseReturnValue:
    people = staff.who_can_sign_in()
    return _asked(
        "today/_task_dialog.html", f"New task for {opportunity.title}", opportunity, status, people=people, sent=sent
    )


def _asked_what_is_next(opportunity: Opportunity, form: FactForm, *, status: int = 200) -> ResponseReturnValue:
    return _asked("today/_next_dialog.html", f"What is next for {opportunity.title}?", opportunity, status, form=form)


def _asked(template: str, title: str, about: Opportunity, status: int, **more: object) -> ResponseReturnValue:
    back = url_for("today.show", who=agenda.whose())
    return dialog_page(
        template, page="later/page.html", status=status, title=title, opportunity=about, back=back, **more
    )
