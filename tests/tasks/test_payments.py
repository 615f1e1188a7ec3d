"""Money looked after by workers: what a lost call, a crash or a silent provider leaves is found and set right."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, moves
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import attempts, reconciling, refunds
from pipeline.extensions import db
from pipeline.gateways import cashier, sandbox_till
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Status
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.payment import (
    AttemptState,
    CheckoutAttempt,
    Payment,
    PaymentFlag,
    RefundState,
    SandboxSession,
)
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.tasks.conftest import Engine


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def attempt(link: BuyLink, settings: Settings) -> CheckoutAttempt:
    """One that is open at the sandbox."""
    with transaction():
        begun = attempts.begin(link, SandboxGateway(settings))
    return cashier.open_session(begun.id, settings)


def session_of(attempt: CheckoutAttempt) -> SandboxSession:
    db.session.rollback()
    return db.session.scalars(select(SandboxSession).where(SandboxSession.key == attempt.key)).one()


def choose(attempt: CheckoutAttempt, choice: Choice) -> None:
    """The payer does this at the sandbox, and its call is lost."""
    session = session_of(attempt)
    with transaction():
        sandbox_till.choose(session, choice)


def reconcile(engine: Engine, after: timedelta = timedelta(minutes=3)) -> None:
    with clock.travelled(after):
        with transaction():
            reconciling.promise_looks()
        engine.run()


def purchases(link: BuyLink) -> int:
    db.session.rollback()
    return len(facts(link.opportunity, OpportunityPurchased))


def test_a_lost_call_is_made_up_for(engine: Engine, attempt: CheckoutAttempt, link: BuyLink) -> None:
    choose(attempt, Choice.PAY)
    reconcile(engine)
    assert (attempt.state, link.state, link.opportunity.status) == (
        AttemptState.PAID,
        LinkState.PURCHASED,
        Status.WON,
    )
    assert purchases(link) == 1


def test_what_was_looked_at_just_now_is_left_alone(engine: Engine, attempt: CheckoutAttempt) -> None:
    with transaction():
        assert reconciling.promise_looks() == 0
    with clock.travelled(timedelta(minutes=3)), transaction():
        assert reconciling.promise_looks() == 1
        assert reconciling.promise_looks() == 0


def test_a_session_is_looked_at_once_more_after_it_was_over(engine: Engine, attempt: CheckoutAttempt) -> None:
    choose(attempt, Choice.PAY)
    reconcile(engine)
    session = session_of(attempt)
    with transaction():
        session.status = "open"
        sandbox_till.choose(session, Choice.PAY)
    reconcile(engine, timedelta(minutes=70))
    assert [payment.flag for payment in attempt.payments] == [PaymentFlag.NORMAL, PaymentFlag.DOUBLE]
    reconcile(engine, timedelta(hours=5))
    with clock.travelled(timedelta(hours=5)), transaction():
        assert reconciling.promise_looks() == 0


def test_delayed_money_wins_when_it_comes(engine: Engine, attempt: CheckoutAttempt, link: BuyLink) -> None:
    choose(attempt, Choice.DELAY)
    cashier.look(attempt.id, engine.app.config["SETTINGS"])
    assert attempt.state is AttemptState.PENDING
    reconcile(engine)
    assert (attempt.state, link.opportunity.status, purchases(link)) == (AttemptState.PAID, Status.WON, 1)


def test_an_attempt_whose_opening_nobody_wrote_down_gets_its_session(
    engine: Engine, link: BuyLink, settings: Settings
) -> None:
    with transaction():
        attempt = attempts.begin(link, SandboxGateway(settings))
    reconcile(engine)
    assert attempt.state is AttemptState.OPEN
    assert session_of(attempt).ref == attempt.session_ref
    assert db.session.scalar(select(func.count(SandboxSession.id))) == 1


def test_an_opening_that_is_a_day_old_is_over(engine: Engine, link: BuyLink, settings: Settings) -> None:
    with transaction():
        attempt = attempts.begin(link, SandboxGateway(settings))
    reconcile(engine, timedelta(days=1))
    assert (attempt.state, attempt.session_ref) == (AttemptState.FAILED, None)


def test_sessions_end_with_their_link(engine: Engine, attempt: CheckoutAttempt, link: BuyLink) -> None:
    with transaction():
        buy_links.revoke(link, by=None)
    engine.run()
    assert attempt.state is AttemptState.EXPIRED
    assert session_of(attempt).status == "expired"


def test_sessions_end_when_the_deal_is_lost(engine: Engine, attempt: CheckoutAttempt, link: BuyLink) -> None:
    with transaction():
        moves.set_status(link.opportunity, Status.LOST, by=None)
    engine.run()
    assert attempt.state is AttemptState.EXPIRED


def test_a_session_completed_before_it_could_be_ended_is_taken_in(
    engine: Engine, attempt: CheckoutAttempt, link: BuyLink
) -> None:
    choose(attempt, Choice.PAY)
    with transaction():
        buy_links.revoke(link, by=None)
    engine.run()
    (payment,) = attempt.payments
    assert (payment.flag, attempt.state, link.state) == (PaymentFlag.LATE, AttemptState.PAID, LinkState.REVOKED)
    assert purchases(link) == 0


def test_a_link_that_expires_while_it_is_paid_in_time_is_bought(
    engine: Engine, attempt: CheckoutAttempt, link: BuyLink
) -> None:
    with clock.frozen(link.expires_at - timedelta(seconds=1)):
        session = session_of(attempt)
        with transaction():
            session.expires_at = None
            sandbox_till.choose(session, Choice.PAY)
    with clock.frozen(link.expires_at):
        with transaction():
            buy_links.expire(link)
        engine.run()
    assert (link.state, purchases(link)) == (LinkState.PURCHASED, 1)


def test_late_double_and_wrong_money_is_told_to_owner_and_admins(
    engine: Engine, attempt: CheckoutAttempt, cast: Cast
) -> None:
    choose(attempt, Choice.WRONG_AMOUNT)
    reconcile(engine)
    told = db.session.scalars(select(Notification).where(Notification.purpose.startswith("payment:"))).all()
    assert {each.user_id for each in told} == {cast.ada.id, cast.olive.id}
    assert "118.00 USD came for Acme, but it is not the amount that was asked." in told[0].text


def test_the_owner_is_told_of_a_purchase(engine: Engine, attempt: CheckoutAttempt, cast: Cast) -> None:
    choose(attempt, Choice.PAY)
    reconcile(engine)
    (told,) = db.session.scalars(select(Notification).where(Notification.user_id == cast.olive.id))
    assert told.text == "Acme was bought for 119.00 USD, order 1001."


def test_a_refund_is_carried_out_and_settled(engine: Engine, attempt: CheckoutAttempt, link: BuyLink) -> None:
    choose(attempt, Choice.TWICE)
    reconcile(engine)
    double = db.session.scalars(select(Payment).where(Payment.flag == PaymentFlag.DOUBLE)).one()
    with transaction():
        refund = refunds.ask(double, double.amount, by=None)
    engine.run()
    assert (refund.state, link.opportunity.status) == (RefundState.DONE, Status.WON)
    assert len(session_of(attempt).refunds) == 1
    order = db.session.scalars(select(Order)).one()
    assert (order.state, order.balance) == (OrderState.PAID, 0)


def test_a_refund_that_the_provider_refuses_says_so(engine: Engine, attempt: CheckoutAttempt) -> None:
    choose(attempt, Choice.PAY)
    reconcile(engine)
    (payment,) = attempt.payments
    session = session_of(attempt)
    with transaction():
        session.refunds = {"elsewhere": {"ref": "r", "payment": payment.payment_ref, "amount": payment.amount}}
    with transaction():
        refund = refunds.ask(payment, 1, by=None)
    engine.run()
    assert refund.state is RefundState.FAILED
    assert "left to give back" in (refund.error or "")


def test_a_worker_lost_while_it_asked_is_followed_by_another(engine: Engine, attempt: CheckoutAttempt) -> None:
    from pipeline.domain import promises

    choose(attempt, Choice.PAY)
    with transaction():
        attempts.promise_look(attempt)
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.task == attempts.LOOK)).one()
    with transaction():
        assert promises.begin(message.id)
    with clock.travelled(promises.BEGUN_FOR + timedelta(seconds=1)):
        engine.run()
        with clock.travelled(timedelta(minutes=1)):
            engine.run()
    assert (attempt.state, message.state) == (AttemptState.PAID, PromiseState.DONE)


def test_a_session_that_could_not_be_ended_is_ended_later(
    engine: Engine, attempt: CheckoutAttempt, link: BuyLink
) -> None:
    session, ref = session_of(attempt), attempt.session_ref
    with transaction():
        session.ref = "sbx_elsewhere"
    with transaction():
        buy_links.revoke(link, by=None)
    engine.run()
    assert (attempt.state, bool(attempt.error)) == (AttemptState.EXPIRE_PENDING, True)
    with clock.travelled(timedelta(hours=1)):
        assert reconciling.unanswered() == [attempt]
    session = session_of(attempt)
    with transaction():
        session.ref = ref or ""
    reconcile(engine)
    assert (attempt.state, session_of(attempt).status) == (AttemptState.EXPIRED, "expired")
