"""Subscriptions at Stripe: the first payment in the session, the later ones by renewal, and when they end."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain.paying.words import BasketLine, MoneyState, ProviderDown, ProviderRefused, Session, SessionStatus
from pipeline.gateways.stripe import StripeGateway
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.standin import StripeStandin


def monthly(amount: int = 3000, **more: object) -> BasketLine:
    return line(amount, name="Care", **{"interval_months": 1, **more})


def bought(gateway: StripeGateway, stripe: StripeStandin, basket: Baskets, *lines: BasketLine, **how: str) -> Session:
    opened = gateway.open(basket(*lines), key="k1")
    stripe.pay(opened.ref, **how)
    return gateway.fetch(opened.ref)


def subscription_of(seen: Session) -> str:
    assert seen.subscription_ref
    return seen.subscription_ref


def test_the_first_payment_is_found_by_the_session(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    seen = bought(gateway, stripe, basket, monthly(interval_months=3), line(500, name="Setup"))
    assert seen.status is SessionStatus.COMPLETE
    assert [(money.amount, money.state, money.method) for money in seen.payments] == [
        (3500, MoneyState.SUCCEEDED, "card")
    ]
    kept = stripe.find(subscription_of(seen))
    assert kept["metadata"] == {"reference": "attempt-1", "interval_months": "3"}
    assert kept["cancel_at"] is None
    assert gateway.renewals(subscription_of(seen)) == []


def test_before_it_is_paid_there_is_no_subscription(gateway: StripeGateway, basket: Baskets) -> None:
    opened = gateway.open(basket(monthly()), key="k1")
    assert gateway.fetch(opened.ref).subscription_ref is None


def test_a_trial_is_free_for_now(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    seen = bought(gateway, stripe, basket, monthly(trial_days=14))
    assert (seen.payments, seen.is_free_for_now) == ((), True)
    stripe.renew(subscription_of(seen))
    assert [money.amount for money in gateway.renewals(subscription_of(seen))] == [3000]


def test_what_is_paid_once_is_due_although_a_trial_begins(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    seen = bought(gateway, stripe, basket, monthly(trial_days=14), line(500))
    assert [money.amount for money in seen.payments] == [500]
    assert not seen.is_free_for_now


@pytest.mark.parametrize(("comes", "state"), [(True, MoneyState.SUCCEEDED), (False, MoneyState.FAILED)])
def test_a_first_payment_that_takes_days(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, comes: bool, state: MoneyState
) -> None:
    seen = bought(gateway, stripe, basket, monthly(), method="delayed")
    assert [money.state for money in seen.payments] == [MoneyState.PENDING]
    stripe.settle(seen.ref, succeeded=comes)
    assert [money.state for money in gateway.fetch(seen.ref).payments] == [state]


def test_renewals_are_told_oldest_first_with_what_became_of_each(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    subscription = subscription_of(bought(gateway, stripe, basket, monthly()))
    for method in ("card", "declined", "delayed"):
        stripe.renew(subscription, method=method)
    told = gateway.renewals(subscription)
    assert [money.state for money in told] == [MoneyState.SUCCEEDED, MoneyState.FAILED, MoneyState.PENDING]
    assert len({money.ref for money in told}) == 3

    stripe.retry(told[1].ref)
    again = gateway.renewals(subscription)
    assert [money.state for money in again[:2]] == [MoneyState.SUCCEEDED, MoneyState.SUCCEEDED]
    assert again[1].ref == told[1].ref


def test_all_pages_of_renewals_are_read(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    subscription = subscription_of(bought(gateway, stripe, basket, monthly()))
    for _ in range(120):
        stripe.renew(subscription)
    asked = len(stripe.calls)
    assert len(gateway.renewals(subscription)) == 120
    assert len(stripe.calls) - asked == 3, "the subscription and two pages of invoices"


def test_a_course_of_payments_ends_after_the_last(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    with clock.frozen(datetime(2027, 1, 31, 10, tzinfo=UTC)):
        subscription = subscription_of(bought(gateway, stripe, basket, monthly(payments_count=3)))
        assert datetime.fromtimestamp(stripe.find(subscription)["cancel_at"], UTC) == datetime(
            2027, 4, 30, 10, tzinfo=UTC
        )
        renewed = [stripe.renew(subscription) for _ in range(4)]
    assert [bool(each) for each in renewed] == [True, True, False, False]
    assert len(gateway.renewals(subscription)) == 2


def test_a_course_of_payments_after_a_trial_counts_from_its_end(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    with clock.frozen(datetime(2027, 3, 1, tzinfo=UTC)):
        line_with_trial = monthly(trial_days=31, payments_count=2)
        subscription = subscription_of(bought(gateway, stripe, basket, line_with_trial))
        assert datetime.fromtimestamp(stripe.find(subscription)["cancel_at"], UTC) == datetime(2027, 6, 1, tzinfo=UTC)
        renewed = [stripe.renew(subscription) for _ in range(3)]
    assert [bool(each) for each in renewed] == [True, True, False]


def test_the_end_is_set_once_and_by_whoever_comes_next_if_stripe_went_down(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(monthly(payments_count=12)), key="k1")
    stripe.pay(opened.ref)
    stripe.fail(503, after_work=False, on="POST /v1/subscriptions")
    with pytest.raises(ProviderDown):
        gateway.fetch(opened.ref)
    subscription = subscription_of(gateway.fetch(opened.ref))
    gateway.fetch(opened.ref)
    gateway.renewals(subscription)
    assert len([call for call in stripe.calls if call.request == f"POST /v1/subscriptions/{subscription}"]) == 2


def test_a_subscription_is_ended_once(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    subscription = subscription_of(bought(gateway, stripe, basket, monthly()))
    gateway.end_subscription(subscription, key="e1")
    gateway.end_subscription(subscription, key="e1")
    assert stripe.find(subscription)["status"] == "canceled"
    assert stripe.renew(subscription) is None
    with pytest.raises(ProviderRefused, match="sub_other"):
        gateway.end_subscription("sub_other", key="e2")


def test_lines_that_stripe_cannot_charge_together_are_refused(gateway: StripeGateway, basket: Baskets) -> None:
    for other in (monthly(interval_months=12), monthly(payments_count=3), monthly(trial_days=7)):
        with pytest.raises(ProviderRefused, match="same times"):
            gateway.open(basket(monthly(), other), key="k1")


def test_twenty_of_a_kind_and_no_more_are_told(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    lines = [monthly(100) for _ in range(25)] + [line(10) for _ in range(25)]
    seen = bought(gateway, stripe, basket, *lines)
    assert [money.amount for money in seen.payments] == [2750]
    assert len(stripe.find(seen.ref)["_lines"]) == 40


def test_a_look_at_a_renewal_counts_time_from_its_payment(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    subscription = subscription_of(bought(gateway, stripe, basket, monthly()))
    with clock.travelled(timedelta(days=31)):
        stripe.renew(subscription)
        [money] = gateway.renewals(subscription)
        assert abs(money.at - clock.now()) < timedelta(minutes=1)
