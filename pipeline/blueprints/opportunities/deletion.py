"""Deleting an opportunity: asked first, and undone from the list of what was deleted."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import access, opportunities
from pipeline.domain.access import Permission
from pipeline.queries import deleted_opportunities
from pipeline.transaction import transaction
from pipeline.web import toasts
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx

bp = Blueprint("opportunity_deletion", __name__, url_prefix="/opportunities")


@bp.get("/<int:opportunity_id>/deletion/new")
@requires(Permission.OPPORTUNITY_DELETE)
def new(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    template = "opportunities/_deletion_dialog.html" if is_htmx() else "opportunities/deletion.html"
    return render_template(template, opportunity=opportunity, level=2 if is_htmx() else 1)


@bp.post("/<int:opportunity_id>/deletion")
@requires(Permission.OPPORTUNITY_DELETE)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        opportunities.delete(opportunity, by=me())
    back = toasts.way(url_for("opportunity_deletion.destroy", opportunity_id=opportunity_id))
    toasts.say(f"{opportunity.title} was deleted. It can be restored for {opportunities.KEPT.days} days.", undo=back)
    return go(url_for("opportunity_deletion.index"))


@bp.get("/deleted")
@requires(Permission.OPPORTUNITY_DELETE)
def index() -> ResponseReturnValue:
    return render_template("opportunities/deleted.html", deleted=deleted_opportunities.to_restore(me()))


@bp.post("/<int:opportunity_id>/restoration")
@requires(Permission.OPPORTUNITY_DELETE)
def destroy(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me(), deleted=True)
    with transaction():
        opportunities.restore(opportunity, by=me())
    toasts.forget()
    flash(f"{opportunity.title} is back in {opportunity.stage.name}.", "good")
    return go(url_for("opportunities.show", opportunity_id=opportunity.id))
