"""Payments that a person writes down or takes back; each in a dialog over the page of its order."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.blueprints.orders.forms import PaymentForm, ReasonForm
from pipeline.domain import access, offline_payments, orders
from pipeline.domain.access import Permission
from pipeline.domain.paying import decisions
from pipeline.models.order import Order
from pipeline.models.payment import Payment
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.formats import money
from pipeline.web.htmx import dialog_page, go


@bp.get("/orders/<int:number>/payments/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new_payment(number: int) -> ResponseReturnValue:
    order = _editable(number)
    return _ask(order, PaymentForm.of(order, by=me()), 200)


@bp.post("/orders/<int:number>/payments")
@requires(Permission.OPPORTUNITY_EDIT)
def record_payment(number: int) -> ResponseReturnValue:
    order = orders.found(number, to=me())
    form = PaymentForm.of(order, by=me())
    if not form.validate_on_submit():
        return _ask(order, form, 422)
    with transaction():
        offline_payments.record(orders.found(number, to=me()), form.amount.data or 0, by=me(), **form.values())
    flash(f"{money(form.amount.data, order.currency)} was recorded.", "good")
    return go(url_for("orders.show", number=number))


@bp.get("/payments/<int:payment_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show_payment(payment_id: int) -> ResponseReturnValue:
    """To where it is shown."""
    return go(page_of(decisions.of(payment_id, to=me())))


@bp.get("/payments/<int:payment_id>/taking-back/new")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_taking_back(payment_id: int) -> ResponseReturnValue:
    return _ask_why(payment_id, ReasonForm(), 200)


@bp.post("/payments/<int:payment_id>/taking-back")
@requires(Permission.OPPORTUNITY_EDIT)
def take_back(payment_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _ask_why(payment_id, form, 422)
    with transaction():
        payment = decisions.of(payment_id, to=me())
        offline_payments.take_back(payment, reason=form.reason.data or "", by=me())
    flash("It was taken back, and counts no more.", "good")
    return go(page_of(payment))


def page_of(payment: Payment) -> str:
    """The page of what a payment was for: its order, else its deal."""
    if order := orders.of_payment(payment):
        return url_for("orders.show", number=order.number)
    return url_for("opportunities.show", opportunity_id=payment.opportunity_id)


def _ask(order: Order, form: PaymentForm, status: int) -> ResponseReturnValue:
    return dialog_page(
        "orders/_payment_dialog.html",
        page="later/page.html",
        status=status,
        title="Record a payment",
        order=order,
        form=form,
        back=url_for("orders.show", number=order.number),
    )


def _ask_why(payment_id: int, form: ReasonForm, status: int) -> ResponseReturnValue:
    payment = decisions.of(payment_id, to=me())
    access.refuse_unless_editable(payment.opportunity, by=me())
    return dialog_page(
        "orders/_taking_back_dialog.html",
        page="later/page.html",
        status=status,
        title="Take this payment back",
        payment=payment,
        form=form,
        back=page_of(payment),
    )


def _editable(number: int) -> Order:
    order = orders.found(number, to=me())
    access.refuse_unless_editable(order.opportunity, by=me())
    return order
