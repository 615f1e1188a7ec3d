"""What came for an order and what went back, as parts of a query: what `Order` reckons of its own rows."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, and_, cast, exists, func, or_, select

from pipeline.models.order import Order, OrderState
from pipeline.models.payment import Payment, PaymentFlag, PaymentState, Provider, Refund, RefundState

COUNTS = and_(
    Payment.order_id == Order.id,
    Payment.state == PaymentState.SUCCEEDED,
    Payment.currency == Order.currency,
    or_(Order.subscription_ref.is_(None), Payment.attempt_id.is_not(None), Payment.provider == Provider.OFFLINE),
)


def received() -> ScalarSelect[int]:
    """Money that came in the order's currency."""
    return _summed(select(func.sum(Payment.amount)).where(COUNTS))


def refunded() -> ScalarSelect[int]:
    """Of that, what went back or is promised to."""
    came = select(func.sum(Refund.amount)).join(Refund.payment).where(COUNTS)
    return _summed(came.where(Refund.state != RefundState.FAILED))


def waits() -> tuple[ColumnElement[bool], ...]:
    """Whether a payment came late, twice or not as asked, and nobody has said or begun what to do with it."""
    going_back = exists().where(Refund.payment_id == Payment.id, Refund.state == RefundState.WAITING)
    flagged = Payment.flag.in_([flag for flag in PaymentFlag if flag is not PaymentFlag.NORMAL])
    return flagged, Payment.decided_at.is_(None), Payment.state == PaymentState.SUCCEEDED, ~going_back


def unknown_refund() -> ScalarSelect[int | None]:
    """A refund of a payment of which nobody knows how it went."""
    lost = select(func.max(Refund.id)).where(Refund.payment_id == Payment.id, Refund.state == RefundState.UNKNOWN)
    return lost.correlate(Payment).scalar_subquery()


def is_in(state: OrderState, figures: Any) -> ColumnElement[bool]:
    """Whether rows with `total`, `received` and `refunded` are in this state, as `OrderState.of` says."""
    total, came, back = figures.total, figures.received, figures.refunded
    kept = came - back
    all_back = and_(back > 0, kept <= 0, total > 0)
    some_back = and_(back > 0, came >= total, kept < total, kept > 0)
    states: dict[OrderState, ColumnElement[bool]] = {
        OrderState.REFUNDED: all_back,
        OrderState.PARTLY_REFUNDED: some_back,
        OrderState.UNPAID: and_(kept < total, kept <= 0, back == 0),
        OrderState.PARTLY_PAID: and_(kept > 0, kept < total, or_(back == 0, came < total)),
        OrderState.PAID: kept == total,
        OrderState.OVERPAID: kept > total,
    }
    return states[state]


def _summed(amounts: Select[Any]) -> ScalarSelect[int]:
    found = amounts.correlate(Order).scalar_subquery()
    return select(func.coalesce(cast(found, BigInteger), 0)).correlate(Order).scalar_subquery()
