"""Keeping money that came late, twice or not as asked. Giving it back is a refund like any other."""

from flask import flash
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.blueprints.orders.payments import page_of
from pipeline.domain.access import Permission
from pipeline.domain.paying import decisions
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.formats import money
from pipeline.web.htmx import go


@bp.post("/payments/<int:payment_id>/acceptance")
@requires(Permission.OPPORTUNITY_EDIT)
def accept(payment_id: int) -> ResponseReturnValue:
    with transaction():
        payment = decisions.of(payment_id, to=me())
        decisions.accept(payment, by=me())
    flash(f"{money(payment.amount, payment.currency)} was accepted.", "good")
    return go(page_of(payment))
