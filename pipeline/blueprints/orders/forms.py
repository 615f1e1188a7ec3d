"""What is said of money that came, or did not, and of an order that is placed by hand."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from pipeline import clock
from pipeline.domain import offline_payments, orders
from pipeline.domain.offline_payments import Method
from pipeline.domain.paying import refunds
from pipeline.models.order import Order
from pipeline.models.payment import Payment
from pipeline.models.user import User
from pipeline.web.fields import DayField, MoneyField, choice, no_longer_than

METHODS = [choice(method, method.capitalize()) for method in Method]


class PaymentForm(FlaskForm):  # type: ignore[misc]
    """Money that came without a provider."""

    amount = MoneyField("Amount", validators=[InputRequired("Say how much came.")])
    received_on = DayField("Received on", [InputRequired("Say on which day it came.")])
    method = SelectField("How", choices=METHODS, coerce=Method)
    remark = StringField("Remark", [no_longer_than(offline_payments.LONGEST_REMARK)])

    @classmethod
    def of(cls, order: Order, *, by: User) -> "PaymentForm":
        """Filled in as if the rest came today."""
        form = cls(amount=max(order.balance, 0) or None, received_on=clock.today(by))
        form.amount.currency = order.currency
        return form

    def values(self) -> dict[str, Any]:
        """What the verb takes besides the amount."""
        return {
            "received_on": self.received_on.data,
            "method": self.method.data,
            "remark": self.remark.data or "",
        }


class RefundForm(FlaskForm):  # type: ignore[misc]
    amount = MoneyField("Amount", validators=[InputRequired("Say how much to give back.")])
    reason = StringField("Reason", [no_longer_than(refunds.LONGEST)])

    @classmethod
    def of(cls, payment: Payment) -> "RefundForm":
        """Filled in with all that is left of it."""
        form = cls(amount=payment.refundable)
        form.amount.currency = payment.currency
        return form


class ReasonForm(FlaskForm):  # type: ignore[misc]
    reason = StringField("Reason", [InputRequired("Say why."), no_longer_than(offline_payments.LONGEST_REMARK)])


class PlacingForm(FlaskForm):  # type: ignore[misc]
    """`order_note`, because the dialog that asks why a deal was won has a note too."""

    order_note = TextAreaField("Note", [no_longer_than(orders.LONGEST_NOTE)])
    wins = BooleanField("Mark the deal as won")
