"""Taking back what one did last to an opportunity's stage or status: from the toast that said it, or by a key."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities.move_answers import done, truth_of
from pipeline.domain import access, holding, undoing
from pipeline.domain.access import Permission
from pipeline.queries import reading
from pipeline.transaction import transaction
from pipeline.web import toasts
from pipeline.web.auth import me, requires
from pipeline.web.htmx import on_refusal

bp = Blueprint("undo", __name__, url_prefix="/opportunities/<int:opportunity_id>/undo")


@bp.post("")
@requires(Permission.OPPORTUNITY_VIEW)
def create(opportunity_id: int) -> ResponseReturnValue:
    """Back to where it was. What cannot be taken back any more is said."""
    with transaction():
        opportunity = access.opportunity(opportunity_id, to=me(), options=holding.BEFOREHAND)
        redraw = truth_of(opportunity, None, opportunity.stage_id)
        on_refusal(redraw)
        undone = undoing.undo(opportunity, reading.number(request.form, "change"), by=me())
    toasts.forget()
    if not undone.is_news:
        flash(f"That was taken back already; {opportunity.title} is in {opportunity.stage.name}.")
    else:
        flash(f"{opportunity.title} is back in {undone.stage}.", "good")
        for sentence in undone.left:
            flash(sentence, "danger")
    return done(opportunity, redraw)
