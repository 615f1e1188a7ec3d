"""Stripe down, slow, confused or refusing: what the prospect reads, and that the next press goes on where it was."""

from threading import Barrier, Thread

import pytest
from flask import Flask

from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.extensions import db
from pipeline.gateways import stripe as at_stripe
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Status
from pipeline.models.payment import AttemptState, CheckoutAttempt
from pipeline.settings import Settings
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


def purchases(link: BuyLink) -> int:
    db.session.rollback()
    db.session.expire_all()
    return len(facts(db.session.get_one(BuyLink, link.id).opportunity, OpportunityPurchased))


TROUBLE = [
    {"status": 500},
    {"status": 503, "after_work": False},
    {"drops": True},
    {"drops": True, "after_work": False},
]


@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_stripe_in_trouble_is_said_and_the_next_press_goes_on_with_the_same_session(
    prospect: Prospect, stripe: StripeStandin, trouble: dict[str, object]
) -> None:
    stripe.fail(**trouble)  # type: ignore[arg-type]
    answer = prospect.press()
    assert (answer.status_code, "Nothing was charged" in answer.text) == (503, True)
    (attempt,) = prospect.attempts()
    assert (attempt.state, bool(attempt.error)) == (AttemptState.OPENING, True)
    arrived(prospect)
    assert (len(prospect.attempts()), len(stripe.account.all("checkout.session"))) == (1, 1)


def test_stripe_down_is_said(prospect: Prospect, stripe: StripeStandin, link: BuyLink) -> None:
    with stripe.down():
        assert prospect.press().status_code == 503
    arrived(prospect)
    assert len(prospect.attempts()) == 1


def test_stripe_too_slow_is_said(prospect: Prospect, stripe: StripeStandin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_stripe, "TO_ANSWER", 0.3)
    at_stripe._client.cache_clear()
    try:
        stripe.fail(slow=1.0)
        assert prospect.press().status_code == 503
    finally:
        at_stripe._client.cache_clear()


def test_what_stripe_refuses_is_over_and_another_attempt_may_be_made(prospect: Prospect, stripe: StripeStandin) -> None:
    stripe.fail(400, after_work=False, message="Currency not supported")
    assert prospect.press().status_code == 503
    (attempt,) = prospect.attempts()
    assert (attempt.state, "Currency not supported" in (attempt.error or "")) == (AttemptState.FAILED, True)
    assert arrived(prospect).id != attempt.id


def test_back_while_stripe_is_down_says_that_the_money_is_safe(
    prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    with stripe.down():
        answer = prospect.get(back(prospect, attempt))
        assert (answer.status_code, "your money is safe" in answer.text) == (503, True)
    prospect.get(back(prospect, attempt))
    assert purchases(link) == 1


def test_a_second_press_at_once_opens_no_second_session(app: Flask, prospect: Prospect, stripe: StripeStandin) -> None:
    start, statuses = Barrier(4), list[int]()
    db.session.rollback()

    def press() -> None:
        start.wait()
        statuses.append(app.test_client().post(f"{prospect.path}/checkout").status_code)

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {303, 503}
    arrived(prospect)
    assert (len(prospect.attempts()), len(stripe.account.all("checkout.session"))) == (1, 1)


def test_keys_that_are_taken_away_leave_what_was_begun_to_be_found_later(
    app: Flask, settings: Settings, prospect: Prospect, stripe: StripeStandin, link: BuyLink
) -> None:
    attempt = arrived(prospect)
    stripe.pay(attempt.session_ref or "")
    by_stripe, app.config["SETTINGS"] = app.config["SETTINGS"], settings
    assert prospect.get(back(prospect, attempt)).status_code == 503
    app.config["SETTINGS"] = by_stripe
    prospect.get(back(prospect, attempt))
    assert (purchases(link), db.session.get_one(BuyLink, link.id).opportunity.status) == (1, Status.WON)
