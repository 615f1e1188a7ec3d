"""Placing an order by hand, from the lines of a deal; at once with winning the deal, when that is wished."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities.move_forms import answers_in
from pipeline.blueprints.orders.blueprint import bp
from pipeline.blueprints.orders.forms import PlacingForm
from pipeline.domain import access, holding, moves, orders, pricing
from pipeline.domain.access import Permission
from pipeline.domain.via import Via
from pipeline.models.opportunity import Status
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import dialog_page, go


@bp.get("/opportunities/<int:opportunity_id>/orders/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    return _ask(opportunity_id, PlacingForm(wins=True), 200)


@bp.post("/opportunities/<int:opportunity_id>/orders")
@requires(Permission.OPPORTUNITY_EDIT)
def place(opportunity_id: int) -> ResponseReturnValue:
    form = PlacingForm()
    if not form.validate_on_submit():
        return _ask(opportunity_id, form, 422)
    with transaction():
        opportunity = holding.take(opportunity_id, to=me())
        order = orders.place_by_hand(opportunity, by=me(), note=form.order_note.data or "")
        if form.wins.data:
            moves.set_status(opportunity, Status.WON, by=me(), answers=answers_in(request.form), via=Via.RECORD)
    flash(f"Order {order.number} was placed.", "good")
    return go(url_for("orders.show", number=order.number))


def _ask(opportunity_id: int, form: PlacingForm, status: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    access.refuse_unless_editable(opportunity, by=me())
    lines = orders.draft(opportunity)
    return dialog_page(
        "orders/_placing_dialog.html",
        page="later/page.html",
        status=status,
        title=f"Place an order for {opportunity.title}",
        opportunity=opportunity,
        lines=lines,
        price=pricing.total(lines),
        taxes=pricing.taxes(lines),
        form=form,
        back=url_for("opportunities.show", opportunity_id=opportunity_id),
    )
