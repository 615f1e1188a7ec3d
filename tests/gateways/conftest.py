"""A gateway to Stripe that talks HTTP to the stand-in, and baskets to pay."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline import clock
from pipeline.domain.paying.words import Basket, BasketLine
from pipeline.gateways.stripe import StripeGateway
from pipeline.settings import Settings

Baskets = Callable[..., Basket]


@pytest.fixture
def gateway(stripe_settings: Settings) -> StripeGateway:
    return StripeGateway(stripe_settings)


@pytest.fixture
def basket() -> Baskets:
    """`basket(line(1000), currency="JPY")`: two hours to pay it, unless told otherwise."""

    def filled(*lines: BasketLine, **more: Any) -> Basket:
        said: dict[str, Any] = {
            "reference": "attempt-1",
            "currency": "EUR",
            "lines": lines or (line(1000),),
            "buyer_email": "ana@example.com",
            "success_url": "https://shop.example/buy/t/return/attempt-1",
            "cancel_url": "https://shop.example/buy/t",
            "expires_at": in_hours(2),
        }
        return Basket(**said | more)

    return filled


def line(amount: int, quantity: int = 1, name: str = "Paper", **more: Any) -> BasketLine:
    return BasketLine(name, quantity, amount, **more)


def in_hours(hours: float) -> datetime:
    return clock.now() + timedelta(hours=hours)
