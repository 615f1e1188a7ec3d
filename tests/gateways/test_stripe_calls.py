"""Stripe's calls: the signature first, then which of our things they are about."""

import json
import time
from typing import Any

import pytest

from pipeline.domain.paying.words import BadSignature, Notice
from pipeline.gateways import stripe_calls
from pipeline.gateways.stripe import StripeGateway
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.standin import StripeStandin

Event = dict[str, Any]


@pytest.fixture
def completed(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> Event:
    """The event of a session that was paid by card."""
    stripe.pay(gateway.open(basket(), key="k1").ref)
    return stripe.last("checkout.session.completed")


def read(gateway: StripeGateway, stripe: StripeStandin, event: Event, **how: Any) -> Notice | None:
    call = stripe.sign(event, **how)
    return gateway.read(call.body, call.signature)


def test_a_session_is_named(gateway: StripeGateway, stripe: StripeStandin, completed: Event) -> None:
    assert read(gateway, stripe, completed) == Notice(
        event_ref=completed["id"],
        kind="checkout.session.completed",
        is_test=True,
        session_ref=completed["data"]["object"]["id"],
    )


def test_another_account_and_another_mode_are_told(
    gateway: StripeGateway, stripe: StripeStandin, completed: Event
) -> None:
    notice = read(gateway, stripe, completed, account="acct_other", livemode=True)
    assert notice
    assert (notice.account, notice.is_test) == ("acct_other", False)


def test_calls_that_stripe_did_not_sign_just_now_are_refused(
    gateway: StripeGateway, stripe: StripeStandin, completed: Event
) -> None:
    call = stripe.sign(completed)
    bad = {
        "another secret": stripe.sign(completed, secret="whsec_other"),
        "too old": stripe.sign(completed, at=time.time() - 301),
    }
    for forged in bad.values():
        with pytest.raises(BadSignature):
            gateway.read(forged.body, forged.signature)
    for body, signature in (
        (call.body.replace(b"evt_", b"evt-"), call.signature),
        (call.body, ""),
        (call.body, "t=1"),
        (call.body, "nonsense"),
        (call.body, f"{call.signature}é"),
        (call.body, call.signature.replace("v1=", "v0=")),
        (b"\xff\xfe", call.signature),
    ):
        with pytest.raises(BadSignature):
            gateway.read(body, signature)


def test_a_call_of_four_minutes_ago_is_still_good(
    gateway: StripeGateway, stripe: StripeStandin, completed: Event
) -> None:
    assert read(gateway, stripe, completed, at=time.time() - 240)


def test_without_a_secret_no_call_is_believed(stripe: StripeStandin, completed: Event) -> None:
    call = stripe.sign(completed)
    with pytest.raises(BadSignature):
        stripe_calls.read(call.body, call.signature, "")


def test_each_kind_of_session_event_names_its_session(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    came, failed, ended = (gateway.open(basket(), key=f"k{number}").ref for number in range(3))
    for ref, succeeded in ((came, True), (failed, False)):
        stripe.pay(ref, method="delayed")
        stripe.settle(ref, succeeded=succeeded)
    gateway.expire(ended)
    for kind, ref in (
        ("checkout.session.async_payment_succeeded", came),
        ("checkout.session.async_payment_failed", failed),
        ("checkout.session.expired", ended),
    ):
        notice = read(gateway, stripe, stripe.last(kind))
        assert notice
        assert (notice.kind, notice.session_ref, notice.subscription_ref) == (kind, ref, None)


def test_renewals_name_their_subscription_and_first_invoices_the_basket(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin
) -> None:
    opened = gateway.open(basket(line(3000, interval_months=1)), key="k1")
    stripe.pay(opened.ref)
    subscription = gateway.fetch(opened.ref).subscription_ref
    assert subscription
    first = read(gateway, stripe, stripe.last("invoice.paid"))
    assert first
    assert (first.reference, first.session_ref, first.subscription_ref) == ("attempt-1", None, None)

    stripe.renew(subscription)
    stripe.renew(subscription, method="declined")
    for kind in ("invoice.paid", "invoice.payment_failed"):
        notice = read(gateway, stripe, stripe.last(kind))
        assert notice
        assert (notice.kind, notice.session_ref, notice.subscription_ref) == (kind, None, subscription)


def test_an_endpoint_of_an_older_version_names_the_subscription_elsewhere(
    gateway: StripeGateway, stripe: StripeStandin
) -> None:
    invoice = {"id": "in_1", "object": "invoice", "billing_reason": "subscription_cycle", "subscription": "sub_1"}
    event = {"id": "evt_1", "object": "event", "type": "invoice.paid", "livemode": False, "data": {"object": invoice}}
    notice = read(gateway, stripe, event)
    assert notice
    assert notice.subscription_ref == "sub_1"

    invoice |= {"billing_reason": "subscription_create", "subscription_details": {"metadata": {"reference": "a-1"}}}
    first = read(gateway, stripe, event)
    assert first
    assert first.reference == "a-1"


def test_refunds_name_their_payment(gateway: StripeGateway, stripe: StripeStandin, completed: Event) -> None:
    paid = gateway.fetch(completed["data"]["object"]["id"]).payments[0].ref
    stripe.account.refunds_take_time = True
    refund = gateway.refund(paid, 400, "EUR", key="r1")
    stripe.settle_refund(refund.ref, succeeded=False)
    for kind in ("charge.refunded", "refund.failed"):
        notice = read(gateway, stripe, stripe.last(kind))
        assert notice
        assert notice.payment_ref == paid


def test_what_is_about_nothing_of_ours_means_nothing(
    gateway: StripeGateway, stripe: StripeStandin, completed: Event
) -> None:
    strange = json.loads(json.dumps(completed))
    strange["type"] = "customer.created"
    of_another_shop = json.loads(json.dumps(completed))
    of_another_shop["data"]["object"]["client_reference_id"] = None
    bare_invoice = {**completed, "type": "invoice.paid", "data": {"object": {"id": "in_1", "object": "invoice"}}}
    for event in (strange, of_another_shop, bare_invoice):
        assert read(gateway, stripe, event) is None
