"""The built-in provider keeps what providers promise: a key counts once, what is over is over, no money is made."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain.paying.words import MoneyState, ProviderRefused, SessionStatus
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.gateways import payments, sandbox_till
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.gateways.sandbox_till import Choice
from pipeline.gateways.stripe import StripeGateway
from pipeline.models.payment import Provider, SandboxSession
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.gateways.conftest import Baskets, line


@pytest.fixture
def sandbox(app: Flask, settings: Settings) -> SandboxGateway:
    return SandboxGateway(settings)


def choose(ref: str, choice: Choice) -> None:
    db.session.rollback()
    session = db.session.scalars(select(SandboxSession).where(SandboxSession.ref == ref)).one()
    with transaction():
        sandbox_till.choose(session, choice)


def test_it_takes_the_money_until_stripes_keys_are_set(settings: Settings) -> None:
    assert isinstance(payments.gateway(settings), SandboxGateway)
    live = replace(settings, stripe_secret_key="sk_live_1", stripe_webhook_secret="whsec_1")
    assert isinstance(payments.gateway(live), StripeGateway)
    assert isinstance(payments.of(Provider.SANDBOX, live), SandboxGateway)


@pytest.mark.parametrize("provider", [Provider.STRIPE, Provider.OFFLINE])
def test_who_cannot_be_asked_is_said(settings: Settings, provider: Provider) -> None:
    with pytest.raises(ProviderRefused):
        payments.of(provider, settings)


def test_the_same_key_is_the_same_session(sandbox: SandboxGateway, basket: Baskets) -> None:
    first, again = (sandbox.open(basket(), key="k1") for _ in range(2))
    assert (first.ref, first.reference, first.status) == (again.ref, "k1", SessionStatus.OPEN)
    assert sandbox.open(basket(), key="k2").ref != first.ref
    assert db.session.scalar(select(func.count(SandboxSession.id))) == 2


def test_what_is_paid_is_seen(sandbox: SandboxGateway, basket: Baskets) -> None:
    ref = sandbox.open(basket(line(1000), line(500)), key="k1").ref
    choose(ref, Choice.PAY)
    seen = sandbox.fetch(ref)
    assert (seen.status, [(money.amount, money.state) for money in seen.payments]) == (
        SessionStatus.COMPLETE,
        [(1500, MoneyState.SUCCEEDED)],
    )


def test_an_expired_session_takes_no_money_and_a_complete_one_stays_complete(
    sandbox: SandboxGateway, basket: Baskets
) -> None:
    over, paid = sandbox.open(basket(), key="k1").ref, sandbox.open(basket(), key="k2").ref
    choose(paid, Choice.PAY)
    assert sandbox.expire(over).status is SessionStatus.EXPIRED
    assert sandbox.expire(paid).status is SessionStatus.COMPLETE
    with pytest.raises(RuleBroken, match="is over"):
        choose(over, Choice.PAY)
    with pytest.raises(RuleBroken, match="is over"):
        choose(paid, Choice.PAY)


def test_delayed_money_comes_after_a_minute(sandbox: SandboxGateway, basket: Baskets) -> None:
    ref = sandbox.open(basket(), key="k1").ref
    choose(ref, Choice.DELAY)
    assert [money.state for money in sandbox.fetch(ref).payments] == [MoneyState.PENDING]
    with clock.travelled(timedelta(minutes=1)):
        assert [money.state for money in sandbox.fetch(ref).payments] == [MoneyState.SUCCEEDED]


def test_no_more_is_given_back_than_was_paid_and_a_key_counts_once(sandbox: SandboxGateway, basket: Baskets) -> None:
    ref = sandbox.open(basket(), key="k1").ref
    choose(ref, Choice.PAY)
    (money,) = sandbox.fetch(ref).payments
    first = sandbox.refund(money.ref, 600, "EUR", key="r1")
    assert sandbox.refund(money.ref, 600, "EUR", key="r1") == first
    with pytest.raises(ProviderRefused, match="left to give back"):
        sandbox.refund(money.ref, 401, "EUR", key="r2")
    with pytest.raises(ProviderRefused, match="no such payment"):
        sandbox.refund(money.ref, 1, "USD", key="r3")
    assert sandbox.refund(money.ref, 400, "EUR", key="r4").state is MoneyState.SUCCEEDED


def test_a_subscription_is_charged_by_the_calendar_until_it_ends(sandbox: SandboxGateway, basket: Baskets) -> None:
    ref = sandbox.open(basket(line(1000, interval_months=1), line(300)), key="k1").ref
    choose(ref, Choice.PAY)
    subscription = sandbox.fetch(ref).subscription_ref or ""
    assert [money.amount for money in sandbox.fetch(ref).payments] == [1300]
    assert sandbox.renewals(subscription) == []
    with clock.travelled(timedelta(days=64)):
        assert [money.amount for money in sandbox.renewals(subscription)] == [1000, 1000]
        for _ in range(2):
            sandbox.end_subscription(subscription, key="e1")
    with clock.travelled(timedelta(days=365)):
        assert len(sandbox.renewals(subscription)) == 2


def test_a_trial_is_free_for_now_and_its_payments_are_counted(sandbox: SandboxGateway, basket: Baskets) -> None:
    trial = line(1000, interval_months=1, trial_days=14, payments_count=3)
    ref = sandbox.open(basket(trial), key="k1").ref
    choose(ref, Choice.PAY)
    seen = sandbox.fetch(ref)
    assert (seen.is_free_for_now, list(seen.payments)) == (True, [])
    with clock.travelled(timedelta(days=15)):
        assert len(sandbox.renewals(seen.subscription_ref or "")) == 1
    with clock.travelled(timedelta(days=365)):
        assert len(sandbox.renewals(seen.subscription_ref or "")) == 3


def test_what_it_does_not_know_it_refuses(sandbox: SandboxGateway) -> None:
    for ask in (sandbox.fetch, sandbox.expire, sandbox.renewals):
        with pytest.raises(ProviderRefused, match="knows no session"):
            ask("sbx_nothing-1")
