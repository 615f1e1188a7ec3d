"""Subscriptions as workers look after them: each charge once on the order that began it, and no second one running."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import refunds, renewals
from pipeline.extensions import db
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.payment import Payment, PaymentFlag, SandboxSession
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.support.prospect import Prospect
from tests.tasks.conftest import Engine


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(buying.subscription(), owner=cast.olive)


def afresh() -> None:
    db.session.rollback()
    db.session.expire_all()


def run_on(engine: Engine, *days: int) -> None:
    """On each of these days from now."""
    for day in days:
        with clock.travelled(timedelta(days=day)):
            engine.run()
    afresh()


def test_each_charge_is_written_down_once_and_the_order_stays_paid(app: Flask, engine: Engine, link: BuyLink) -> None:
    Prospect(app, link).pay()
    engine.run()
    run_on(engine, 1, 2, 32, 33, 63)
    order = db.session.scalars(select(Order)).one()
    assert [payment.amount for payment in order.payments] == [buying.TOTAL] * 3
    assert (order.state, order.balance) == (OrderState.PAID, 0)
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1
    waiting = select(OutboxMessage).where(
        OutboxMessage.task == renewals.TASK, OutboxMessage.state == PromiseState.WAITING
    )
    assert len(db.session.scalars(waiting).all()) == 1, "it is asked once a day, however often it was asked between"


def test_a_trial_is_paid_by_its_first_charge(app: Flask, engine: Engine, cast: Cast) -> None:
    link = buying.offer(buying.subscription(trial_days=3), owner=cast.olive)
    Prospect(app, link).pay()
    engine.run()
    order = db.session.scalars(select(Order)).one()
    assert order.state is OrderState.UNPAID
    run_on(engine, 1, 4, 5)
    assert (order.state, len(order.payments)) == (OrderState.PAID, 2)


def test_giving_a_second_subscription_back_ends_it_and_leaves_the_first(
    app: Flask, engine: Engine, link: BuyLink
) -> None:
    prospect = Prospect(app, link)
    pages = [prospect.arrive()]
    with transaction():
        prospect.attempts()[0].expires_at = clock.now()
    pages.append(prospect.arrive())
    for page in pages:
        prospect.get(prospect.choose(page, Choice.PAY))
    double = db.session.scalars(select(Payment).where(Payment.flag == PaymentFlag.DOUBLE)).one()
    with transaction():
        refunds.ask(double, double.amount, by=None)
    engine.run()
    afresh()
    ended = {
        session.ref: bool(session.subscription and session.subscription["ended_at"])
        for session in db.session.scalars(select(SandboxSession))
    }
    assert double.attempt is not None
    assert [ref for ref, is_ended in ended.items() if is_ended] == [double.attempt.session_ref]
