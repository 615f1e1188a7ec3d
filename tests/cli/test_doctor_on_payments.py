"""What the doctor says about payments: by whom, with which kind of key, and what is missing."""

from dataclasses import replace
from pathlib import Path

from pipeline.cli.doctor import paying
from pipeline.gateways import stripe_calls
from pipeline.settings import Settings
from tests.support.stripe_standin.standin import StripeStandin

README = Path(__file__).parents[2] / "README.md"


def test_without_keys_it_is_the_sandbox(settings: Settings) -> None:
    finding = paying(settings)
    assert finding.is_well
    assert "sandbox" in finding.seen


def test_stripe_is_asked_and_the_kind_of_key_is_said(stripe_settings: Settings) -> None:
    assert str(paying(stripe_settings)) == "✓ payments: Stripe lets us in with a test key"


def test_a_live_key_needs_an_address_that_stripe_calls(stripe_settings: Settings, stripe: StripeStandin) -> None:
    stripe.api.key = "sk_live_standin"
    live = replace(stripe_settings, stripe_secret_key=stripe.api.key)
    assert "set PUBLIC_URL" in paying(live).remedy
    assert paying(replace(live, public_url="https://sales.example.com")).seen == "Stripe lets us in with a live key"


def test_a_key_without_the_webhooks_secret_is_warned_of(stripe_settings: Settings) -> None:
    finding = paying(replace(stripe_settings, stripe_webhook_secret=""))
    assert "seen late" in finding.seen
    assert "http://pipeline.example/hooks/stripe" in finding.remedy


def test_a_wrong_key_and_a_stripe_that_is_down_are_told_apart(stripe_settings: Settings, stripe: StripeStandin) -> None:
    wrong = paying(replace(stripe_settings, stripe_secret_key="sk_test_wrong"))
    assert "does not know our key" in wrong.seen
    assert "sk_test" not in str(wrong)
    with stripe.down():
        assert "does not answer" in paying(stripe_settings).seen


def test_the_manual_names_every_event_that_stripe_should_send() -> None:
    manual = README.read_text()
    assert [event for event in stripe_calls.EVENTS if f"`{event}`" not in manual] == []
