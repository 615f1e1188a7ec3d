"""What is to be done about an opportunity: shown again, and planned."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.blueprints.board import answers
from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.move_answers import IN_DIALOG
from pipeline.domain import access, activities
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, go, is_htmx, partials

bp = Blueprint("opportunity_tasks", __name__, url_prefix="/opportunities/<int:opportunity_id>/tasks")


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
    title, back = f"Task for {opportunity.title}", origin.asked_from(record_url)
    return render_template("opportunities/_task_dialog.html", opportunity=opportunity, title=title, back=back, level=2)


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ActivityForm.sent()
    with transaction():
        activities.plan(opportunity, by=me(), **form.values())
    page = origin.asked_from(url_for("board.show"))
    if IN_DIALOG not in request.form or not answers.is_on_board(page):
        return record.redrawn(opportunity, "task_form", "tasks")
    flash(f"Planned for {opportunity.title}: {form.title.data}.", "good")
    shown = answers.moved(opportunity, set(), page, request.form.getlist(answers.LOADED))
    return partials(*shown, NO_DIALOG) if is_htmx() else go(page)
