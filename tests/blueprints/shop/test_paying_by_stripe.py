"""The whole way by Stripe over HTTP: called five times, out of order, at once, and by strangers."""

from threading import Barrier, Thread

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pipeline import tasks
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import attempts
from pipeline.extensions import db
from pipeline.gateways import cashier
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import OutboxMessage
from pipeline.models.payment import (
    CheckoutAttempt,
    Payment,
    PaymentFlag,
    PaymentState,
    Provider,
    ProviderEvent,
)
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.support.prospect import Prospect
from tests.support.stripe_standin.standin import StripeStandin

pytestmark = pytest.mark.usefixtures("by_stripe")


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


def arrived(prospect: Prospect) -> CheckoutAttempt:
    """At Stripe's page."""
    answer = prospect.press()
    (*_, attempt) = prospect.attempts()
    assert (answer.status_code, answer.headers["Location"]) == (303, attempt.url)
    return attempt


def back(prospect: Prospect, attempt: CheckoutAttempt) -> str:
    return f"{prospect.path}/return/{attempt.key}"


def call(client: FlaskClient, stripe: StripeStandin, event: dict[str, object], **changed: object) -> int:
    signed = stripe.sign(event, **changed)
    return client.post("/hooks/stripe", data=signed.body, headers=signed.headers).status_code


def look() -> None:
    """Workers do what was promised, in a session of their own."""
    tasks.load()
    db.session.rollback()
    promised = select(OutboxMessage.id).where(OutboxMessage.task == attempts.LOOK).order_by(OutboxMessage.id)
    numbers = list(db.session.scalars(promised))
    with current_app.app_context():
        tasks.perform(numbers)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(model.id))) or 0


def only(column: object) -> object:
    """The column of the one row there is."""
    db.session.rollback()
    return db.session.scalars(select(column)).one()  # type: ignore[call-overload]


def purchases(link: BuyLink) -> int:
    db.session.rollback()
    db.session.expire_all()
    return len(facts(db.session.get_one(BuyLink, link.id).opportunity, OpportunityPurchased))


def test_what_stripe_is_asked_for_is_the_offer(prospect: Prospect, stripe: StripeStandin) -> None:
    attempt = arrived(prospect)
    session = stripe.find(attempt.session_ref or "")
    assert (session["amount_total"], session["currency"]) == (buying.TOTAL, "usd")
    assert session["client_reference_id"] == attempt.key
    assert (attempt.provider, attempt.is_test) == (Provider.STRIPE, True)


def test_paid_and_back_is_bought(prospect: Prospect, stripe: StripeStandin, link: BuyLink) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    assert prospect.get(back(prospect, attempt)).status_code == 303
    assert "Thank you" in prospect.heading()
    assert purchases(link) == 1
    assert db.session.scalars(select(Order)).one().state is OrderState.PAID


def test_the_call_five_times_is_one_purchase(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    event = stripe.last("checkout.session.completed")
    assert [call(client, stripe, event) for _ in range(5)] == [200] * 5
    look()
    assert (count(ProviderEvent), count(Payment), count(Order), purchases(link)) == (1, 1, 1, 1)


def test_calls_in_the_wrong_order_come_to_the_same(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "", method="delayed")
    first = stripe.last("checkout.session.completed")
    stripe.settle(attempt.session_ref or "")
    second = stripe.last("checkout.session.async_payment_succeeded")
    for event in (second, first, second, first):
        assert call(client, stripe, event) == 200
        look()
    assert (count(ProviderEvent), count(Payment), purchases(link)) == (2, 1, 1)
    assert only(Payment.state) is PaymentState.SUCCEEDED


def test_the_call_at_the_same_moment_as_the_return_page_is_one_purchase(
    app: Flask, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    event, address = stripe.last("checkout.session.completed"), back(prospect, attempt)
    start, statuses = Barrier(6), list[int]()
    settings, number = app.config["SETTINGS"], attempt.id
    db.session.rollback()

    def by_call() -> None:
        start.wait()
        statuses.append(call(app.test_client(), stripe, event))

    def by_page() -> None:
        start.wait()
        statuses.append(app.test_client().get(address).status_code)

    def by_worker() -> None:
        with app.app_context():
            start.wait()
            cashier.look(number, settings)
            db.session.remove()

    threads = [Thread(target=act) for act in (by_call, by_page, by_worker) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    look()
    assert sorted(statuses) == [200, 200, 303, 303]
    assert (count(Payment), count(Order), purchases(link)) == (1, 1, 1)


def test_a_delayed_method_waits_and_wins_when_the_money_comes(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "", method="delayed")
    assert "waiting" in prospect.heading(back(prospect, attempt))
    assert purchases(link) == 0
    stripe.settle(attempt.session_ref or "")
    call(client, stripe, stripe.last("checkout.session.async_payment_succeeded"))
    look()
    assert purchases(link) == 1


def test_delayed_money_that_does_not_come_leaves_the_offer_open(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "", method="delayed")
    prospect.get(back(prospect, attempt))
    stripe.settle(attempt.session_ref or "", succeeded=False)
    call(client, stripe, stripe.last("checkout.session.async_payment_failed"))
    look()
    assert (purchases(link), db.session.get_one(BuyLink, link.id).state) == (0, LinkState.ACTIVE)
    assert arrived(prospect).id != attempt.id


@pytest.mark.parametrize(
    ("paid", "flag"), [({"amount": 100}, PaymentFlag.MISMATCH), ({"currency": "eur"}, PaymentFlag.MISMATCH)], ids=str
)
def test_a_wrong_amount_or_currency_wins_nothing(
    prospect: Prospect, stripe: StripeStandin, link: BuyLink, paid: dict[str, object], flag: PaymentFlag
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "", **paid)  # type: ignore[arg-type]
    assert "has arrived" in prospect.heading(back(prospect, attempt))
    assert only(Payment.flag) is flag
    assert (purchases(link), count(Order)) == (0, 0)


@pytest.mark.parametrize(
    "strange", [{"livemode": True}, {"account": "acct_of_somebody_else"}], ids=["live in test mode", "another account"]
)
def test_events_of_another_account_or_mode_are_noted_and_nothing_follows(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin, strange: dict[str, object]
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    assert call(client, stripe, stripe.last("checkout.session.completed"), **strange) == 200
    assert str(only(ProviderEvent.outcome)).startswith("ignored")
    assert db.session.scalars(select(OutboxMessage).where(OutboxMessage.task == attempts.LOOK)).all() == []


def test_a_call_that_stripe_did_not_sign_is_refused(
    client: FlaskClient, prospect: Prospect, stripe: StripeStandin
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    event = stripe.last("checkout.session.completed")
    assert call(client, stripe, event, secret="whsec_of_somebody_else") == 400
    assert call(client, stripe, event, at=0.0) == 400
    assert count(ProviderEvent) == 0
