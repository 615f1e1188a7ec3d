"""The stand-in and settings that lead to it, for tests that name them; nobody else loads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from pipeline.settings import Settings

if TYPE_CHECKING:
    from tests.support.stripe_standin.standin import StripeStandin


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    """A stand-in for Stripe that runs, with an account in which nothing has happened yet."""
    from tests.support.stripe_standin.standin import StripeStandin

    standin = StripeStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def stripe_settings(settings: Settings, stripe: StripeStandin) -> Settings:
    """Settings with which payments go to the stand-in."""
    return replace(
        settings,
        stripe_secret_key=stripe.key,
        stripe_webhook_secret=stripe.secret,
        stripe_api_base=stripe.address,
    )


@pytest.fixture
def by_stripe(app: Flask, stripe_settings: Settings, settings: Settings) -> Iterator[None]:
    """The application lets prospects pay by Stripe."""
    app.config["SETTINGS"] = stripe_settings
    yield
    app.config["SETTINGS"] = settings
