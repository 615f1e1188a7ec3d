"""A basket as Stripe wants it told: the fields with which a Checkout Session is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.domain.paying.words import Basket, BasketLine, ProviderRefused
from pipeline.gateways.stripe_amounts import step, to_stripe

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

MOST_ONCE, MOST_OF_A_KIND = 100, 20
LONGEST_NAME = 250
PAYMENTS, MONTHS = "payments", "interval_months"
"""What a subscription carries with it, so that it can be told when to end."""


def session(basket: Basket) -> SessionCreateParams:
    """Nobody is charged in another currency than the offer's, nor asked for more than the payment needs."""
    said: SessionCreateParams = {
        "mode": "subscription" if basket.is_subscription else "payment",
        "line_items": [_item(line, basket.currency) for line in _few_enough(basket)],
        "client_reference_id": basket.reference,
        "metadata": {"reference": basket.reference},
        "success_url": basket.success_url,
        "cancel_url": basket.cancel_url,
        "expires_at": int(basket.expires_at.timestamp()),
        "adaptive_pricing": {"enabled": False},
    }
    if basket.buyer_email:
        said["customer_email"] = basket.buyer_email
    if not basket.is_subscription:
        said["payment_intent_data"] = {"metadata": {"reference": basket.reference}}
        return said
    recurring = [line for line in basket.lines if line.interval_months]
    said["subscription_data"] = {"metadata": {"reference": basket.reference, **_course(recurring)}}
    if recurring[0].trial_days:
        said["subscription_data"]["trial_period_days"] = recurring[0].trial_days
    return said


def _course(recurring: Sequence[BasketLine]) -> dict[str, str]:
    """How often it is paid. All lines run together at Stripe: they begin, are charged and end at the same time."""
    if len({(line.interval_months, line.trial_days, line.payments_count) for line in recurring}) > 1:
        raise ProviderRefused("Stripe charges the subscriptions of one offer at the same times and equally often.")
    first = recurring[0]
    return {MONTHS: str(first.interval_months)} | (
        {PAYMENTS: str(first.payments_count)} if first.payments_count else {}
    )


def _item(line: BasketLine, currency: str) -> SessionCreateParamsLineItem:
    """Pieces at a price each, where that multiplies to exactly what the line costs; else all of them as one."""
    amount = to_stripe(line.amount, currency)
    is_exact = amount % (line.quantity * step(currency)) == 0
    quantity, name = (line.quantity, line.name) if is_exact else (1, f"{line.quantity} × {line.name}")
    item: SessionCreateParamsLineItem = {
        "quantity": quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": amount // quantity,
            "product_data": {"name": name[:LONGEST_NAME]},
        },
    }
    if line.interval_months:
        item["price_data"]["recurring"] = {"interval": "month", "interval_count": line.interval_months}
    return item


def _few_enough(basket: Basket) -> list[BasketLine]:
    """Stripe takes so many lines of a kind; the last ones are told as one, at what they cost together."""
    most = MOST_OF_A_KIND if basket.is_subscription else MOST_ONCE
    recurring = [line for line in basket.lines if line.interval_months]
    once = [line for line in basket.lines if not line.interval_months]
    return _at_most(most, recurring) + _at_most(most, once)


def _at_most(most: int, lines: list[BasketLine]) -> list[BasketLine]:
    if len(lines) <= most:
        return lines
    kept, rest = lines[: most - 1], lines[most - 1 :]
    first = rest[0]
    together = BasketLine(
        name=f"{len(rest)} more items",
        quantity=1,
        amount=sum(line.amount for line in rest),
        interval_months=first.interval_months,
        trial_days=first.trial_days,
        payments_count=first.payments_count,
    )
    return [*kept, together]
