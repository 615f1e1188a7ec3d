"""What is to be done about an opportunity: shown again, and planned."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.board import answers
from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.move_answers import IN_DIALOG
from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import access, activities
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Opportunity
from pipeline.queries import staff
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page, go, is_htmx, partials

bp = Blueprint("opportunity_tasks", __name__, url_prefix="/opportunities/<int:opportunity_id>/tasks")
bp.register_error_handler(RuleBroken, refused)


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index(opportunity_id: int) -> ResponseReturnValue:
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    return record.regions(opportunity_id, "tasks")


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """A form over the board; a plain browser finds one on the record."""
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    record_url = url_for("opportunities.show", opportunity_id=opportunity_id)
    if not is_htmx():
        return go(record_url)
    return _asked(opportunity, back=origin.asked_from(record_url))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm()
    again = refusing_into(form, lambda: _again(opportunity, form))
    if not form.validate():
        return again()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    page = origin.asked_from(url_for("board.show"))
    if IN_DIALOG not in request.form or not answers.is_on_board(page):
        return record.redrawn(opportunity, "task_form", "tasks")
    flash(f"Planned for {opportunity.title}: {form.title.data}.", "good")
    shown = answers.moved(opportunity, set(), page, request.form.getlist(answers.LOADED))
    return partials(*shown, NO_DIALOG) if is_htmx() else go(page)


def _again(opportunity: Opportunity, form: ActivityForm) -> ResponseReturnValue:
    """The form that was sent, where it stood, with what is wrong with it."""
    if IN_DIALOG in request.form:
        return _asked(opportunity, back=origin.asked_from(url_for("board.show")), sent=form, status=422)
    if "offered" in request.form:
        return record.regions(opportunity.id, "tasks", offered=form.kind.data, sent=form, status=422)
    return record.regions(opportunity.id, "task_form", composing="task", sent=form, status=422)


def _asked(
    opportunity: Opportunity, *, back: str, sent: ActivityForm | None = None, status: int = 200
) -> ResponseReturnValue:
    return dialog_page(
        "opportunities/_task_dialog.html",
        page="later/page.html",
        status=status,
        title=f"Task for {opportunity.title}",
        opportunity=opportunity,
        people=staff.who_can_sign_in(),
        sent=sent,
        back=back,
    )
