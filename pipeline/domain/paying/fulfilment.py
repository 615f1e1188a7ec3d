"""The one `fulfil`: what the provider says of a session now becomes payments, at most one order, and at most one win.

It is called by the page one comes back to, by the provider's call and by the reconciler, in any order, at once, and as
often as they like: only what has changed since the last time does anything.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import events
from pipeline.domain.buying_facts import PaymentAnnounced, PaymentFailed, PaymentReceived
from pipeline.domain.facts import Fact
from pipeline.domain.paying import flags, renewals, winning
from pipeline.domain.paying.holding import hold_attempt
from pipeline.domain.paying.words import Money, MoneyState, Session, SessionStatus
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.payment import AttemptState, CheckoutAttempt, Payment, PaymentFlag, PaymentState

NOTHING_DUE = "nothing due yet"


def fulfil(attempt_id: int, session: Session) -> CheckoutAttempt:
    """Take in what the provider says of the attempt's session; nothing else is believed."""
    attempt = db.session.get_one(CheckoutAttempt, attempt_id)
    hold_attempt(attempt)
    attempt.checked_at, attempt.error = clock.now(), None
    for money in _money_in(session, attempt):
        _take_in(money, attempt, session)
    _know_subscription(attempt, session)
    _settle(attempt, session)
    return attempt


def _money_in(session: Session, attempt: CheckoutAttempt) -> Iterable[Money]:
    yield from session.payments
    if session.is_free_for_now:
        yield Money(session.ref, 0, attempt.currency, MoneyState.SUCCEEDED, clock.now(), NOTHING_DUE)


def _take_in(money: Money, attempt: CheckoutAttempt, session: Session) -> None:
    """What has come stays; what was announced comes or fails; what had failed may be tried again under its name."""
    payment = db.session.scalar(
        select(Payment).where(Payment.provider == attempt.provider, Payment.payment_ref == money.ref)
    )
    state = PaymentState(money.state.value)
    if payment is not None and (payment.state in {PaymentState.SUCCEEDED, state} or payment.attempt_id != attempt.id):
        return
    paid_at = money.at
    if payment is None:
        payment = Payment(
            attempt=attempt,
            opportunity_id=attempt.link.opportunity_id,
            link=attempt.link,
            provider=attempt.provider,
            payment_ref=money.ref,
        )
        db.session.add(payment)
    elif payment.state is PaymentState.PENDING:
        paid_at = min(payment.received_at, money.at)
    payment.state, payment.received_at, payment.method = state, money.at, money.method
    payment.amount, payment.currency = money.amount, money.currency
    db.session.flush()
    match state:
        case PaymentState.PENDING:
            _tell(payment, PaymentAnnounced(payment.id, payment.amount, payment.currency, payment.provider))
        case PaymentState.FAILED:
            _tell(payment, PaymentFailed(attempt.id, payment.amount, payment.currency, payment.provider))
        case PaymentState.SUCCEEDED:
            _receive(payment, attempt, session, paid_at)


def _receive(payment: Payment, attempt: CheckoutAttempt, session: Session, paid_at: datetime) -> None:
    payment.flag, payment.remark = flags.judge(payment, attempt, session, paid_at=paid_at)
    if payment.flag is PaymentFlag.NORMAL:
        try:
            with db.session.begin_nested():
                _tell_received(payment, session)
                winning.win(attempt.link, payment, subscription_ref=session.subscription_ref)
        except RuleBroken as broken:
            payment.flag, payment.remark = PaymentFlag.LATE, broken.message
    if payment.flag is PaymentFlag.DOUBLE and (order := flags.order_of(attempt.link)):
        winning.attach(payment, order)
    if payment.flag is not PaymentFlag.NORMAL:
        _tell_received(payment, session)


def _know_subscription(attempt: CheckoutAttempt, session: Session) -> None:
    """An order of money that a person accepted learns now what will be charged again."""
    order = flags.order_of(attempt.link)
    is_its = order is not None and any(each.order_id == order.id and each.counts for each in attempt.payments)
    if order is not None and session.subscription_ref and order.subscription_ref is None and is_its:
        order.subscription_ref = session.subscription_ref
        renewals.watch(order)


def _settle(attempt: CheckoutAttempt, session: Session) -> None:
    """Where the attempt stands after what was seen. One in which money came stays paid."""
    states = {payment.state for payment in attempt.payments}
    if PaymentState.SUCCEEDED in states:
        state = AttemptState.PAID
    elif PaymentState.PENDING in states:
        state = AttemptState.PENDING
    elif session.status is SessionStatus.EXPIRED:
        state = AttemptState.EXPIRED
    elif session.status is SessionStatus.COMPLETE:
        state = AttemptState.FAILED if PaymentState.FAILED in states else AttemptState.PENDING
    else:
        state = attempt.state
    attempt.state = state
    if state.is_over and attempt.ended_at is None:
        attempt.ended_at = clock.now()


def _tell_received(payment: Payment, session: Session) -> None:
    fact = PaymentReceived(
        payment.id, payment.amount, payment.currency, payment.provider, payment.flag, is_test=session.is_test
    )
    _tell(payment, fact)


def _tell(payment: Payment, fact: Fact) -> None:
    events.record(fact, about=payment.opportunity, by=None, via=Via.PURCHASE)
