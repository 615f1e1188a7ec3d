"""Subscriptions bought by Stripe: the first payment wins, and what is charged later goes to the same order."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import PaymentState
from tests.cast import Cast
from tests.support import buying
from tests.support.paying_by_stripe import call, come_back, is_won_once, payments
from tests.support.prospect import Prospect
from tests.support.stripe_standin.standin import StripeStandin
from tests.tasks.conftest import Engine

SUCCEEDED, FAILED = PaymentState.SUCCEEDED, PaymentState.FAILED
pytestmark = pytest.mark.usefixtures("by_stripe")


def test_a_subscription_is_bought_and_its_renewals_are_written_down(
    app: Flask, cast: Cast, engine: Engine, stripe: StripeStandin
) -> None:
    link = buying.offer(buying.subscription(payments=3), buying.product(5000), owner=cast.olive)
    prospect = Prospect(app, link)
    prospect.arrive()
    [session] = stripe.account.all("checkout.session")
    stripe.pay(session["id"])
    assert come_back(prospect, stripe, session["id"]) == 303
    assert is_won_once(link)
    [order] = db.session.scalars(select(Order))
    assert (order.state, order.subscription_ref) == (OrderState.PAID, session["subscription"])
    assert stripe.find(session["subscription"])["cancel_at"]

    stripe.renew(session["subscription"])
    stripe.renew(session["subscription"], method="declined")
    for event in stripe.events[-2:]:
        call(prospect, stripe, event)
    with clock.travelled(timedelta(minutes=1)):
        engine.run()
    assert sorted((paid.amount, paid.state) for paid in payments()) == sorted(
        [(link.total, SUCCEEDED), (buying.TOTAL, SUCCEEDED), (buying.TOTAL, FAILED)]
    )
    assert is_won_once(link)


def test_a_trial_is_bought_now_and_paid_by_its_first_renewal(
    app: Flask, cast: Cast, engine: Engine, stripe: StripeStandin
) -> None:
    link = buying.offer(buying.subscription(trial_days=14), owner=cast.olive)
    prospect = Prospect(app, link)
    prospect.arrive()
    [session] = stripe.account.all("checkout.session")
    stripe.pay(session["id"])
    call(prospect, stripe, stripe.last("checkout.session.completed"))
    engine.run()
    assert is_won_once(link)
    stripe.renew(session["subscription"])
    call(prospect, stripe, stripe.last("invoice.paid"))
    engine.run()
    [order] = db.session.scalars(select(Order))
    assert order.state is OrderState.PAID


def test_a_first_payment_that_failed_and_came_at_another_try_wins_all_the_same(
    app: Flask, cast: Cast, engine: Engine, stripe: StripeStandin
) -> None:
    link = buying.offer(buying.subscription(), owner=cast.olive)
    prospect = Prospect(app, link)
    prospect.arrive()
    [session] = stripe.account.all("checkout.session")
    stripe.pay(session["id"], method="delayed")
    stripe.settle(session["id"], succeeded=False)
    call(prospect, stripe, stripe.last("checkout.session.async_payment_failed"))
    engine.run()
    [failed] = payments()
    assert failed.state is FAILED

    stripe.retry(failed.payment_ref)
    call(prospect, stripe, stripe.last("invoice.paid"))
    engine.run()
    assert is_won_once(link)
