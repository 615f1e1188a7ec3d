"""Subscriptions: what a provider charges again goes to the order that began them, each charge once."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import events, outbox
from pipeline.domain.buying_facts import PaymentFailed, PaymentReceived
from pipeline.domain.facts import Fact
from pipeline.domain.paying.words import Money, MoneyState
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.order import Order
from pipeline.models.outbox import Lane, OutboxMessage
from pipeline.models.payment import CheckoutAttempt, Payment, PaymentState, Provider

TASK = "payments.renew"
EVERY = timedelta(days=1)


def watch(order: Order) -> None:
    """Have the provider asked once a day what the subscription was charged; its calls come sooner, if they come."""
    due_at = clock.now() + EVERY
    key = f"{TASK}:{order.id}@{due_at:%Y%m%d}"
    if db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
        outbox.put(TASK, due_at=due_at, lane=Lane.OUTSIDE, key=key, order_id=order.id)


def look_now(order: Order) -> None:
    """The provider called about it."""
    outbox.put(TASK, lane=Lane.OUTSIDE, order_id=order.id)


def subscription_of(order_id: int) -> tuple[Provider, str] | None:
    """Who charges an order's subscription, and under which name."""
    order = db.session.get(Order, order_id)
    attempt = _attempt_of(order) if order is not None else None
    if order is None or attempt is None or order.subscription_ref is None:
        return None
    return attempt.provider, order.subscription_ref


def order_of(subscription_ref: str) -> Order | None:
    return db.session.scalar(select(Order).where(Order.subscription_ref == subscription_ref))


def take_in(order_id: int, provider: Provider, charged: Iterable[Money]) -> list[Payment]:
    """Write down each charge, once. The first after a trial is the payment of the order; the others are beyond it."""
    order = db.session.get_one(Order, order_id, with_for_update={"of": Order})
    known = set(
        db.session.scalars(
            select(Payment.payment_ref).where(
                Payment.provider == provider,
                Payment.order_id == order.id,
                Payment.state == PaymentState.SUCCEEDED,
            )
        )
    )
    news = [money for money in charged if money.ref not in known and money.state is not MoneyState.PENDING]
    taken = [_taken(order, provider, money) for money in news]
    return [payment for payment in taken if payment is not None]


def _taken(order: Order, provider: Provider, money: Money) -> Payment | None:
    payment = db.session.scalar(select(Payment).where(Payment.provider == provider, Payment.payment_ref == money.ref))
    state = PaymentState(money.state.value)
    if payment is not None and payment.state in {PaymentState.SUCCEEDED, state}:
        return None
    if payment is None:
        payment = Payment(
            opportunity_id=order.opportunity_id,
            link_id=order.link_id,
            order_id=order.id,
            provider=provider,
            payment_ref=money.ref,
        )
        db.session.add(payment)
    payment.state, payment.received_at, payment.method = state, money.at, money.method
    payment.amount, payment.currency = money.amount, money.currency
    attempt = _attempt_of(order)
    if state is PaymentState.SUCCEEDED and order.balance > 0:
        payment.attempt = attempt
    db.session.flush()
    db.session.expire(order, ["payments"])
    events.record(_fact(payment, attempt), about=order, by=None, via=Via.PURCHASE)
    return payment


def _fact(payment: Payment, attempt: CheckoutAttempt | None) -> Fact:
    if payment.state is PaymentState.FAILED:
        number = attempt.id if attempt else 0
        return PaymentFailed(number, payment.amount, payment.currency, payment.provider, "a subscription's payment")
    is_test = attempt is not None and attempt.is_test
    return PaymentReceived(
        payment.id, payment.amount, payment.currency, payment.provider, payment.flag or "normal", is_test=is_test
    )


def _attempt_of(order: Order) -> CheckoutAttempt | None:
    """The attempt in which it was bought."""
    bought = (
        select(CheckoutAttempt)
        .join(Payment, Payment.attempt_id == CheckoutAttempt.id)
        .where(Payment.order_id == order.id)
        .order_by(Payment.id)
    )
    return db.session.scalars(bought.limit(1)).first()
