"""Sessions at Stripe: what is asked of it, and what is understood of its answers."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain.paying.words import MoneyState, ProviderRefused, SessionStatus
from pipeline.gateways import payments
from pipeline.gateways.stripe import StripeGateway
from pipeline.models.payment import Provider
from pipeline.settings import Settings
from tests.gateways.conftest import Baskets, in_hours, line
from tests.support.stripe_standin.standin import StripeStandin


def test_stripe_is_chosen_by_its_key(stripe_settings: Settings) -> None:
    gateway = payments.gateway(stripe_settings)
    assert isinstance(gateway, StripeGateway)
    assert (gateway.provider, gateway.is_test) == (Provider.STRIPE, True)


def test_a_session_is_opened_for_what_the_basket_holds(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    expires_at = in_hours(3).replace(microsecond=0)
    opened = gateway.open(basket(line(2500, 2), line(199, name="Tape"), expires_at=expires_at), key="k1")

    assert opened.status is SessionStatus.OPEN
    assert opened.reference == "attempt-1"
    assert opened.url
    assert opened.url.startswith(stripe.address)
    assert (opened.is_test, opened.expires_at, opened.payments) == (True, expires_at, ())
    kept = stripe.find(opened.ref)
    assert (kept["amount_total"], kept["currency"]) == (2699, "eur")
    assert (kept["customer_email"], kept["metadata"]) == ("ana@example.com", {"reference": "attempt-1"})
    [call] = stripe.calls
    assert call.headers["Idempotency-Key"] == "k1"
    assert "X-Stripe-Client-Telemetry" not in call.headers
    assert call.fields["adaptive_pricing"] == {"enabled": "false"}


def test_pieces_are_told_with_a_price_each_only_where_that_comes_to_the_same(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(line(1000, 4), line(1000, 3)), key="k1")
    told = [(item["name"], item["quantity"], item["amount"]) for item in stripe.find(opened.ref)["_lines"]]
    assert told == [("Paper", 4, 1000), ("3 × Paper", 1, 1000)]


def test_more_lines_than_stripe_takes_are_told_together(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(*(line(100 + number) for number in range(130))), key="k1")
    kept = stripe.find(opened.ref)
    assert len(kept["_lines"]) == 100
    assert kept["_lines"][-1]["name"] == "31 more items"
    assert kept["amount_total"] == sum(range(100, 230))


def test_the_same_key_leads_to_the_same_session(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    asked = basket()
    assert gateway.open(asked, key="k1").ref == gateway.open(asked, key="k1").ref
    assert gateway.open(asked, key="k2").ref != gateway.open(asked, key="k1").ref
    assert len(stripe.account.all("checkout.session")) == 2


def test_the_same_key_for_something_else_is_refused(gateway: StripeGateway, basket: Baskets) -> None:
    gateway.open(basket(), key="k1")
    with pytest.raises(ProviderRefused, match="under the same key"):
        gateway.open(basket(line(1)), key="k1")


def test_a_card_pays_at_once(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    opened = gateway.open(basket(), key="k1")
    assert gateway.fetch(opened.ref).status is SessionStatus.OPEN
    stripe.pay(opened.ref)

    seen = gateway.fetch(opened.ref)
    assert (seen.status, seen.url, seen.is_free_for_now) == (SessionStatus.COMPLETE, None, False)
    [money] = seen.payments
    assert (money.amount, money.currency, money.state, money.method) == (1000, "EUR", MoneyState.SUCCEEDED, "card")
    assert money.ref.startswith("pi_")
    assert abs(money.at - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(("comes", "state"), [(True, MoneyState.SUCCEEDED), (False, MoneyState.FAILED)])
def test_a_delayed_method_is_pending_until_its_money_comes_or_does_not(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, comes: bool, state: MoneyState
) -> None:
    opened = gateway.open(basket(), key="k1")
    stripe.pay(opened.ref, method="delayed")
    pending = gateway.fetch(opened.ref)
    assert pending.status is SessionStatus.COMPLETE
    assert [(money.state, money.amount) for money in pending.payments] == [(MoneyState.PENDING, 1000)]

    stripe.settle(opened.ref, succeeded=comes)
    [money] = gateway.fetch(opened.ref).payments
    assert (money.state, money.ref, money.method) == (state, pending.payments[0].ref, "sepa_debit")


def test_another_amount_or_currency_is_told_as_it_came(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(), key="k1")
    stripe.pay(opened.ref, amount=900, currency="USD")
    [money] = gateway.fetch(opened.ref).payments
    assert (money.amount, money.currency) == (900, "USD")


def test_nothing_to_pay_is_free_and_complete(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    opened = gateway.open(basket(line(0)), key="k1")
    stripe.pay(opened.ref)
    seen = gateway.fetch(opened.ref)
    assert (seen.status, seen.payments, seen.is_free_for_now) == (SessionStatus.COMPLETE, (), True)


def test_an_expired_session_stays_expired(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    opened = gateway.open(basket(), key="k1")
    assert gateway.expire(opened.ref).status is SessionStatus.EXPIRED
    assert gateway.expire(opened.ref).status is SessionStatus.EXPIRED
    with pytest.raises(ValueError, match="expired"):
        stripe.pay(opened.ref)


def test_a_session_that_was_paid_first_cannot_be_expired_and_tells_its_payment(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(), key="k1")
    stripe.pay(opened.ref)
    seen = gateway.expire(opened.ref)
    assert seen.status is SessionStatus.COMPLETE
    assert [money.state for money in seen.payments] == [MoneyState.SUCCEEDED]


def test_a_session_ends_by_itself(gateway: StripeGateway, basket: Baskets) -> None:
    opened = gateway.open(basket(), key="k1")
    with clock.travelled(timedelta(hours=2, seconds=1)):
        assert gateway.fetch(opened.ref).status is SessionStatus.EXPIRED


@pytest.mark.parametrize(
    "hours", [StripeGateway.shortest / timedelta(hours=1), StripeGateway.longest / timedelta(hours=1)]
)
def test_the_shortest_and_the_longest_session_are_within_stripes_limits(
    gateway: StripeGateway, basket: Baskets, hours: float
) -> None:
    asked = basket(expires_at=in_hours(hours))
    with clock.travelled(timedelta(minutes=2)):
        assert gateway.open(asked, key="k1").status is SessionStatus.OPEN


@pytest.mark.parametrize("hours", [0.4, 25])
def test_beyond_them_stripe_refuses(gateway: StripeGateway, basket: Baskets, hours: float) -> None:
    with pytest.raises(ProviderRefused, match="expires_at"):
        gateway.open(basket(expires_at=in_hours(hours)), key="k1")


def test_a_contact_without_an_address_types_it_there(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(buyer_email=None), key="k1")
    assert stripe.find(opened.ref)["customer_email"] is None


def test_an_unknown_session_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(ProviderRefused, match="cs_other"):
        gateway.fetch("cs_other")
