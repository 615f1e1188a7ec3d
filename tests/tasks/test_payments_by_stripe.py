"""A prospect pays by Stripe, and all that can go wrong on the way: over HTTP, with signed calls, as it will be."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, moves
from pipeline.domain.paying import refunds
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Status
from pipeline.models.payment import AttemptState, PaymentFlag, PaymentState, ProviderEvent, RefundState
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.paying_by_stripe import call, come_back, is_won_once, payments, reconcile
from tests.support.prospect import Prospect, path_of
from tests.support.stripe_standin.standin import StripeStandin
from tests.tasks.conftest import Engine

SUCCEEDED, PENDING, FAILED = PaymentState.SUCCEEDED, PaymentState.PENDING, PaymentState.FAILED


pytestmark = pytest.mark.usefixtures("by_stripe")


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


@pytest.fixture
def session_ref(prospect: Prospect, stripe: StripeStandin) -> str:
    """Where the prospect was led to by the button."""
    prospect.arrive()
    [session] = stripe.account.all("checkout.session")
    return session["id"]


def test_calls_five_times_and_reordered_with_the_payer_back_between_them_win_once(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, session_ref: str
) -> None:
    stripe.pay(session_ref)
    events = [event for event in reversed(stripe.events) for _ in range(5)]
    assert set(call(prospect, stripe, *events[:6])) == {200}
    engine.run()
    assert come_back(prospect, stripe, session_ref) == 303
    assert set(call(prospect, stripe, *events[6:])) == {200}
    engine.run()
    assert is_won_once(link)
    assert [(paid.state, paid.flag, paid.amount) for paid in payments()] == [
        (SUCCEEDED, PaymentFlag.NORMAL, buying.TOTAL)
    ]
    assert len(db.session.scalars(select(ProviderEvent)).all()) == 1


def test_when_every_call_is_lost_and_the_payer_gone_it_is_found_all_the_same(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, session_ref: str
) -> None:
    stripe.pay(session_ref)
    reconcile(engine)
    assert is_won_once(link)


def test_an_open_session_ends_with_its_offer(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, session_ref: str
) -> None:
    stripe.fail(500, after_work=False, on="/expire")
    with transaction():
        buy_links.revoke(link, by=None)
    engine.run()
    assert stripe.find(session_ref)["status"] == "open"
    reconcile(engine)
    assert stripe.find(session_ref)["status"] == "expired"
    assert [attempt.state for attempt in prospect.attempts()] == [AttemptState.EXPIRED]


@pytest.mark.parametrize("ending", ["revoked", "lost"])
def test_who_paid_just_before_the_session_could_be_ended_paid_late(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, session_ref: str, ending: str
) -> None:
    with transaction():
        if ending == "revoked":
            buy_links.revoke(link, by=None)
        else:
            moves.set_status(link.opportunity, Status.LOST, by=None)
    stripe.pay(session_ref)
    engine.run()
    assert [paid.flag for paid in payments()] == [PaymentFlag.LATE]
    assert link.opportunity.status is (Status.OPEN if ending == "revoked" else Status.LOST)


TROUBLE = [{"status": 500}, {"drops": True}, {"status": 503, "after_work": False}]


def test_while_stripe_is_down_nothing_is_lost(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, session_ref: str
) -> None:
    stripe.pay(session_ref)
    with stripe.down():
        assert come_back(prospect, stripe, session_ref) == 503
        assert call(prospect, stripe, stripe.last("checkout.session.completed")) == [200]
        engine.run()
    assert payments() == []
    reconcile(engine)
    assert is_won_once(link)


@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_a_refund_is_made_once_whatever_becomes_of_its_answer(
    engine: Engine,
    prospect: Prospect,
    stripe: StripeStandin,
    link: BuyLink,
    session_ref: str,
    trouble: dict[str, object],
) -> None:
    stripe.pay(session_ref)
    come_back(prospect, stripe, session_ref)
    stripe.fail(**trouble, on="POST /v1/refunds")
    [paid] = payments()
    with transaction():
        refund = refunds.ask(paid, 900, by=None)
    engine.run()
    for hours in (1, 2, 3):
        with clock.travelled(timedelta(hours=hours)):
            engine.run()
    db.session.expire_all()
    assert refund.state is RefundState.DONE
    assert [made["amount"] for made in stripe.account.all("refund")] == [900]
    assert is_won_once(link)


def test_money_that_comes_back_to_us_is_a_refund_that_failed(
    engine: Engine, prospect: Prospect, stripe: StripeStandin, link: BuyLink, cast: Cast, session_ref: str
) -> None:
    stripe.account.refunds_take_time = True
    stripe.pay(session_ref)
    come_back(prospect, stripe, session_ref)
    [paid] = payments()
    with transaction():
        refund = refunds.ask(paid, paid.amount, by=None)
    engine.run()
    assert (refund.state, paid.refundable) == (RefundState.DONE, 0)

    stripe.settle_refund(refund.refund_ref, succeeded=False)
    assert call(prospect, stripe, stripe.last("charge.refunded"), stripe.last("refund.failed")) == [200, 200]
    engine.run()
    assert (refund.state, refund.error, paid.refundable) == (
        RefundState.FAILED,
        "Stripe: expired_or_canceled_card",
        buying.TOTAL,
    )
    told = {note.user_id: note.text for note in db.session.scalars(select(Notification)) if "given back" in note.text}
    assert set(told) == {cast.ada.id, cast.olive.id}
    assert told[cast.olive.id] == "119.00 USD of Acme could not be given back: Stripe: expired_or_canceled_card."


def test_the_offers_page_lets_its_form_lead_to_stripe(prospect: Prospect, stripe: StripeStandin) -> None:
    policy = prospect.get(prospect.path).headers["Content-Security-Policy"]
    assert f"form-action 'self' https: {stripe.address}" in policy
    assert path_of(prospect.press()).startswith("/c/pay/")
