"""Amounts in Stripe's units and in ours, wherever the two count differently."""

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as some

from pipeline.domain.paying.words import MoneyState, ProviderRefused
from pipeline.gateways.stripe import StripeGateway
from pipeline.gateways.stripe_amounts import THOUSANDTHS, WHOLE, from_stripe, to_stripe
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.standin import StripeStandin

TAKEN = ("EUR", "USD", "JPY", "KRW", "CLP", "ISK", "UGX", "HUF", "TWD", "KWD", "BHD", "RSD", "MGA", "XOF", "IDR")


@pytest.mark.parametrize(
    ("amount", "currency", "counted"),
    [
        (1234, "EUR", 1234),
        (500, "JPY", 500),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (1050, "HUF", 1050),
        (1050, "TWD", 1050),
        (5120, "KWD", 5120),
        (7, "RSD", 700),
    ],
)
def test_each_currency_is_counted_as_stripe_counts_it(amount: int, currency: str, counted: int) -> None:
    assert to_stripe(amount, currency) == counted
    assert from_stripe(counted, currency) == amount


@given(amount=some.integers(0, 10**8), currency=some.sampled_from(TAKEN))
def test_what_is_taken_comes_back_the_same(amount: int, currency: str) -> None:
    if currency in THOUSANDTHS:
        amount -= amount % 10
    assert from_stripe(to_stripe(amount, currency), currency) == amount


def test_currencies_that_stripe_counts_whole_have_no_decimals_with_us_either() -> None:
    assert not any(get_currency_precision(currency) for currency in WHOLE)


def test_a_fraction_that_stripe_cannot_charge_is_refused(gateway: StripeGateway, basket: Baskets) -> None:
    with pytest.raises(ProviderRefused, match="KWD"):
        gateway.open(basket(line(5124), currency="KWD"), key="k1")


@pytest.mark.parametrize(
    ("amount", "quantity", "currency", "told"),
    [
        (100, 3, "JPY", (1, 100)),
        (99, 3, "JPY", (3, 99)),
        (101, 2, "ISK", (1, 10_100)),
        (100, 2, "ISK", (2, 10_000)),
        (30, 2, "KWD", (1, 30)),
        (40, 2, "KWD", (2, 40)),
    ],
)
def test_stripe_takes_every_line_and_the_payment_comes_back_as_asked(
    gateway: StripeGateway,
    basket: Baskets,
    stripe: StripeStandin,
    amount: int,
    quantity: int,
    currency: str,
    told: tuple[int, int],
) -> None:
    opened = gateway.open(basket(line(amount, quantity), currency=currency), key="k1")
    [item] = stripe.find(opened.ref)["_lines"]
    assert (item["quantity"], item["amount"]) == told
    stripe.pay(opened.ref)
    [money] = gateway.fetch(opened.ref).payments
    assert (money.amount, money.currency, money.state) == (amount, currency, MoneyState.SUCCEEDED)
    gateway.refund(money.ref, amount, currency, key="r1")
    assert stripe.find(opened.ref)["amount_total"] == stripe.account.all("refund")[0]["amount"]
