"""Giving money back, in a dialog; and what a person can do about a refund that did not go through."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.blueprints.orders.forms import RefundForm
from pipeline.blueprints.orders.payments import page_of
from pipeline.domain.access import Permission
from pipeline.domain.paying import decisions, refunds
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.payment import Refund, RefundState
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.formats import money
from pipeline.web.htmx import dialog_page, go


@bp.get("/payments/<int:payment_id>/refunds/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new_refund(payment_id: int) -> ResponseReturnValue:
    payment = decisions.of(payment_id, to=me())
    decisions.refuse_unless_decides(payment, by=me())
    return _ask(payment_id, RefundForm.of(payment), 200)


@bp.post("/payments/<int:payment_id>/refunds")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_refund(payment_id: int) -> ResponseReturnValue:
    form = RefundForm.of(decisions.of(payment_id, to=me()))
    if not form.validate_on_submit():
        return _ask(payment_id, form, 422)
    with transaction():
        payment = decisions.of(payment_id, to=me())
        refund = refunds.ask(payment, form.amount.data or 0, reason=form.reason.data or "", by=me())
    is_done = refund.state is RefundState.DONE
    flash(f"{money(refund.amount, payment.currency)} {'was' if is_done else 'is being'} given back.", "good")
    return go(page_of(payment))


@bp.post("/refunds/<int:refund_id>/retries")
@requires(Permission.OPPORTUNITY_EDIT)
def retry_refund(refund_id: int) -> ResponseReturnValue:
    with transaction():
        refund = _found(refund_id)
        refunds.retry(refund, by=me())
    flash("The provider is asked again.", "good")
    return go(page_of(refund.payment))


@bp.post("/refunds/<int:refund_id>/declarations")
@requires(Permission.OPPORTUNITY_EDIT)
def declare_refund(refund_id: int) -> ResponseReturnValue:
    """What a person saw at the provider, of a refund that nobody knew about."""
    with transaction():
        refund = _found(refund_id)
        refunds.declare(refund, done=request.form.get("done") == "yes", by=me())
    flash("Noted.", "good")
    return go(page_of(refund.payment))


def _found(refund_id: int) -> Refund:
    refund = db.session.get(Refund, refund_id)
    if refund is None:
        raise NotVisible("refund")
    decisions.of(refund.payment_id, to=me())
    return refund


def _ask(payment_id: int, form: RefundForm, status: int) -> ResponseReturnValue:
    payment = decisions.of(payment_id, to=me())
    return dialog_page(
        "orders/_refund_dialog.html",
        page="later/page.html",
        status=status,
        title=f"Give back {money(payment.amount, payment.currency)}",
        payment=payment,
        form=form,
        back=page_of(payment),
    )
