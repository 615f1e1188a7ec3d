"""The orders of a deal as its record shows them, and money for it that waits for a person: part of its page's query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, or_, select

from pipeline.models.order import Order, OrderState
from pipeline.models.payment import CheckoutAttempt, Payment, Provider
from pipeline.queries import order_sums
from pipeline.queries.gathering import OneId, Rows, gathered, moment

MOST = 20


@dataclass(frozen=True, slots=True)
class OrderThere:
    number: int
    placed_at: datetime
    currency: str
    total: int
    received: int
    refunded: int

    @property
    def state(self) -> OrderState:
        return OrderState.of(self.total, self.received, self.refunded)


@dataclass(frozen=True, slots=True)
class MoneyThere:
    """A payment that came late, twice or not as asked."""

    id: int
    amount: int
    currency: str
    flag: str
    remark: str
    received_at: datetime
    provider: str
    is_test: bool
    unknown_refund: int | None


@dataclass(frozen=True, slots=True)
class Sold:
    orders: list[OrderThere]
    undecided: list[MoneyThere]


def columns(opportunity_id: OneId) -> list[ScalarSelect[Rows]]:
    """What `read` makes it of."""
    return [gathered(rows) for rows in (_orders(opportunity_id), _undecided(opportunity_id))]


def read(found: list[Rows]) -> Sold:
    """The newest order first; what waits longest first."""
    orders, undecided = found
    return Sold(
        [OrderThere(number, moment(at), *rest) for number, at, *rest in sorted(orders, reverse=True)],
        [_money(row) for row in sorted(undecided)],
    )


def _money(row: list[Any]) -> MoneyThere:
    id_, amount, currency, flag, remark, received_at, provider, is_test, unknown_refund = row
    at = moment(received_at)
    return MoneyThere(id_, amount, currency, flag, remark, at, provider, bool(is_test), unknown_refund)


def _orders(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    figures = (Order.net + Order.tax).label("total"), order_sums.received().label("received")
    return (
        select(Order.number, Order.placed_at, Order.currency, *figures, order_sums.refunded().label("refunded"))
        .where(Order.opportunity_id == opportunity_id)
        .order_by(Order.number.desc())
        .limit(MOST)
    )


def _undecided(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    is_test = or_(CheckoutAttempt.is_test.is_(True), Payment.provider == Provider.SANDBOX)
    its = Payment
    return (
        select(its.id, its.amount, its.currency, its.flag, its.remark, its.received_at, its.provider)
        .add_columns(is_test.label("is_test"), order_sums.unknown_refund().label("unknown_refund"))
        .outerjoin(its.attempt)
        .where(its.opportunity_id == opportunity_id, *order_sums.waits())
        .order_by(its.id)
        .limit(MOST)
    )
