"""Money given back at Stripe: once for each key, and never more than there was."""

import pytest

from pipeline.domain.paying.words import MoneyState, ProviderDown, ProviderRefused
from pipeline.gateways.stripe import StripeGateway
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.standin import StripeStandin


@pytest.fixture
def paid(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> str:
    """The reference of a payment of 10 euros."""
    opened = gateway.open(basket(), key="k1")
    stripe.pay(opened.ref)
    return gateway.fetch(opened.ref).payments[0].ref


def refunds(stripe: StripeStandin) -> list[int]:
    return [refund["amount"] for refund in stripe.account.all("refund")]


def test_a_part_and_then_the_rest_go_back(gateway: StripeGateway, stripe: StripeStandin, paid: str) -> None:
    part = gateway.refund(paid, 400, "EUR", key="r1")
    rest = gateway.refund(paid, 600, "EUR", key="r2")
    assert (part.state, rest.state) == (MoneyState.SUCCEEDED, MoneyState.SUCCEEDED)
    assert part.ref != rest.ref
    assert refunds(stripe) == [600, 400]


def test_asked_again_with_the_same_key_it_is_the_same_refund(
    gateway: StripeGateway, stripe: StripeStandin, paid: str
) -> None:
    first = gateway.refund(paid, 400, "EUR", key="r1")
    stripe.api.remembered.clear()  # as Stripe does after a day
    assert gateway.refund(paid, 400, "EUR", key="r1") == first
    assert refunds(stripe) == [400]


@pytest.mark.parametrize("trouble", [{"status": 500}, {"drops": True}, {"status": 500, "is_remembered": True}])
def test_a_refund_whose_answer_was_lost_is_found_and_not_made_again(
    gateway: StripeGateway, stripe: StripeStandin, paid: str, trouble: dict[str, bool]
) -> None:
    stripe.fail(**trouble, on="POST /v1/refunds")
    with pytest.raises(ProviderDown):
        gateway.refund(paid, 400, "EUR", key="r1")
    assert gateway.refund(paid, 400, "EUR", key="r1").state is MoneyState.SUCCEEDED
    assert refunds(stripe) == [400]


def test_more_than_was_paid_is_refused(gateway: StripeGateway, paid: str) -> None:
    with pytest.raises(ProviderRefused, match="greater than unrefunded"):
        gateway.refund(paid, 1001, "EUR", key="r1")
    gateway.refund(paid, 1000, "EUR", key="r2")
    with pytest.raises(ProviderRefused, match="already been refunded"):
        gateway.refund(paid, 1, "EUR", key="r3")


@pytest.mark.parametrize(("arrives", "state"), [(True, MoneyState.SUCCEEDED), (False, MoneyState.FAILED)])
def test_a_refund_on_its_way_is_pending_until_it_arrives_or_comes_back(
    gateway: StripeGateway, stripe: StripeStandin, paid: str, arrives: bool, state: MoneyState
) -> None:
    stripe.account.refunds_take_time = True
    pending = gateway.refund(paid, 1000, "EUR", key="r1")
    assert pending.state is MoneyState.PENDING
    stripe.settle_refund(pending.ref, succeeded=arrives)
    settled = gateway.refund(paid, 1000, "EUR", key="r1")
    assert gateway.refunded(pending.ref) == settled
    assert (settled.ref, settled.state) == (pending.ref, state)
    assert settled.error == (None if arrives else "Stripe: expired_or_canceled_card")


def test_money_that_has_not_come_cannot_go_back(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    opened = gateway.open(basket(), key="k1")
    stripe.pay(opened.ref, method="delayed")
    [money] = gateway.fetch(opened.ref).payments
    with pytest.raises(ProviderRefused, match="does not have a successful charge"):
        gateway.refund(money.ref, 1000, "EUR", key="r1")


def test_a_renewal_can_be_given_back(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    opened = gateway.open(basket(line(3000, interval_months=1)), key="k1")
    stripe.pay(opened.ref)
    subscription = gateway.fetch(opened.ref).subscription_ref
    assert subscription
    stripe.renew(subscription)
    [money] = gateway.renewals(subscription)
    assert gateway.refund(money.ref, money.amount, "EUR", key="r1").state is MoneyState.SUCCEEDED
