"""When Stripe is down, slow, confused, or says no: what may be asked again, and what an admin reads."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.domain.paying.words import ProviderDown, ProviderRefused, SessionStatus
from pipeline.gateways import stripe as at_stripe
from pipeline.gateways.stripe import StripeGateway
from pipeline.settings import Settings
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.standin import StripeStandin


def test_nobody_at_the_address(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    asked = basket()
    with stripe.down(), pytest.raises(ProviderDown, match="does not answer"):
        gateway.open(asked, key="k1")
    assert gateway.open(asked, key="k1").status is SessionStatus.OPEN


TROUBLE = [
    {"drops": True},
    {"drops": True, "after_work": False},
    {"status": 500},
    {"status": 502, "after_work": False},
    {"status": 503, "after_work": False},
    {"status": 429, "after_work": False, "code": "rate_limit"},
    {"status": 429, "after_work": False, "code": "lock_timeout"},
    {"status": 409, "after_work": False, "code": "idempotency_key_in_use"},
]


@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_what_was_not_answered_is_asked_again_under_the_same_key_and_done_once(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, trouble: dict[str, object]
) -> None:
    asked = basket()
    stripe.fail(**trouble)
    with pytest.raises(ProviderDown):
        gateway.open(asked, key="k1")
    assert gateway.open(asked, key="k1").status is SessionStatus.OPEN
    assert len(stripe.account.all("checkout.session")) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda gateway, ref: gateway.fetch(ref),
        lambda gateway, ref: gateway.expire(ref),
        lambda gateway, ref: gateway.renewals("sub_1"),
        lambda gateway, ref: gateway.end_subscription("sub_1", key="e1"),
        lambda gateway, ref: gateway.refund("pi_1", 1, "EUR", key="r1"),
    ],
    ids=["fetch", "expire", "renewals", "end_subscription", "refund"],
)
@pytest.mark.parametrize("trouble", [{"drops": True}, {"status": 500}])
def test_every_question_can_go_unanswered(
    gateway: StripeGateway,
    basket: Baskets,
    stripe: StripeStandin,
    ask: Callable[[StripeGateway, str], object],
    trouble: dict[str, object],
) -> None:
    ref = gateway.open(basket(), key="k1").ref
    stripe.fail(**trouble)
    with pytest.raises(ProviderDown):
        ask(gateway, ref)


def test_a_late_answer_counts_as_none(
    stripe_settings: Settings, basket: Baskets, stripe: StripeStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_stripe, "TO_ANSWER", 0.2)
    gateway = StripeGateway(
        replace(stripe_settings, stripe_secret_key=stripe.key, stripe_api_base=f"{stripe.address}/")
    )
    stripe.fail(slow=1.0)
    asked = basket()
    with pytest.raises(ProviderDown, match="ReadTimeout"):
        gateway.open(asked, key="k1")


def test_of_two_at_once_under_one_key_the_second_is_told_to_come_again(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    stripe.fail(slow=0.5)
    asked, opened = basket(), []
    first = threading.Thread(target=lambda: opened.append(gateway.open(asked, key="k1").ref))
    first.start()
    while not stripe.calls:
        first.join(0.01)
    with pytest.raises(ProviderDown):
        gateway.open(asked, key="k1")
    first.join()
    assert gateway.open(asked, key="k1").ref == opened[0]


def test_a_wrong_key_says_which_setting_to_correct_and_not_the_key(stripe_settings: Settings, basket: Baskets) -> None:
    gateway = StripeGateway(replace(stripe_settings, stripe_secret_key="sk_test_of_somebody_else"))
    with pytest.raises(ProviderRefused) as refused:
        gateway.open(basket(), key="k1")
    assert str(refused.value) == "Stripe does not know our key: correct STRIPE_SECRET_KEY."


def test_a_key_without_the_right_is_told_without_the_key(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    words = f"The provided key '{stripe.key}' does not have the required permissions for this endpoint."
    stripe.fail(403, after_work=False, message=words)
    with pytest.raises(ProviderRefused) as refused:
        gateway.open(basket(), key="k1")
    assert "required permissions" in str(refused.value)
    assert "sk_test" not in str(refused.value)


def test_what_stripe_refuses_is_told_in_its_words(gateway: StripeGateway, basket: Baskets) -> None:
    with pytest.raises(ProviderRefused, match="Stripe refused it: The Checkout Session's total amount due must add up"):
        gateway.open(basket(line(10)), key="k1")
    with pytest.raises(ProviderRefused, match="Not a valid URL"):
        gateway.open(basket(success_url="/return"), key="k2")


def test_a_refused_request_can_be_mended_and_sent_again_under_its_key(gateway: StripeGateway, basket: Baskets) -> None:
    with pytest.raises(ProviderRefused):
        gateway.open(basket(line(10)), key="k1")
    assert gateway.open(basket(line(100)), key="k1").status is SessionStatus.OPEN


def test_keys_are_test_keys_by_their_name(stripe_settings: Settings) -> None:
    for key, is_test in (("sk_test_x", True), ("rk_test_x", True), ("sk_live_x", False), ("rk_live_x", False)):
        assert StripeGateway(replace(stripe_settings, stripe_secret_key=key)).is_test is is_test


def test_the_gateway_can_say_whether_it_is_let_in(
    gateway: StripeGateway, stripe_settings: Settings, stripe: StripeStandin
) -> None:
    gateway.check()
    with pytest.raises(ProviderRefused):
        StripeGateway(replace(stripe_settings, stripe_secret_key="sk_test_wrong")).check()
    with stripe.down(), pytest.raises(ProviderDown):
        gateway.check()


def test_what_is_asked_is_not_written_to_the_log(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.open(basket(), key="k1")
    assert stripe.calls
    assert "ana@example.com" not in caplog.text
    assert "sk_test" not in caplog.text
