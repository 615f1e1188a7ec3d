"""What Stripe answers, in the house's words: sessions, payments, refunds, and why something was not done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import stripe
from stripe.checkout import Session as CheckoutSession

from pipeline.domain.paying.words import (
    Money,
    MoneyState,
    ProviderDown,
    ProviderRefused,
    RefundSeen,
    Session,
    SessionStatus,
)
from pipeline.gateways.stripe_amounts import from_stripe

STATES = {
    "succeeded": MoneyState.SUCCEEDED,
    "processing": MoneyState.PENDING,
    "requires_action": MoneyState.PENDING,
    "requires_capture": MoneyState.PENDING,
}
REFUND_STATES = {
    "succeeded": MoneyState.SUCCEEDED,
    "pending": MoneyState.PENDING,
    "requires_action": MoneyState.PENDING,
}
SECRETS = re.compile(r"\b(?:sk|rk|pk|whsec)_[\w*]+")
SERVERS_FAULT = 500
CONFLICT = 409


def session(seen: CheckoutSession, payments: list[Money]) -> Session:
    """The session with what was paid in it."""
    is_complete = seen.status == "complete"
    return Session(
        ref=seen.id,
        reference=seen.client_reference_id or "",
        status=SessionStatus(seen.status or "open"),
        url=seen.url,
        is_test=not seen.livemode,
        expires_at=moment(seen.expires_at),
        payments=tuple(payments),
        subscription_ref=ref(seen.subscription),
        is_free_for_now=is_complete and seen.payment_status == "no_payment_required",
    )


def money(intent: stripe.PaymentIntent) -> Money:
    """A payment. One that waits for the payer's bank is pending, one that would need another try has failed."""
    currency = intent.currency.upper()
    state = STATES.get(intent.status, MoneyState.FAILED)
    charge = intent.latest_charge if isinstance(intent.latest_charge, stripe.Charge) else None
    details = charge.payment_method_details if charge else None
    return Money(
        ref=intent.id,
        amount=from_stripe(intent.amount_received if state is MoneyState.SUCCEEDED else intent.amount, currency),
        currency=currency,
        state=state,
        at=moment(charge.created if charge else intent.created),
        method=details.type if details else "",
    )


def paid(payment: stripe.InvoicePayment, intent: str) -> Money:
    """A payment of an invoice that is through, as its invoice tells it."""
    currency = payment.currency.upper()
    amount = from_stripe(payment.amount_paid or 0, currency)
    at = moment(payment.status_transitions.paid_at or payment.created)
    return Money(intent, amount, currency, MoneyState.SUCCEEDED, at)


def refund(seen: stripe.Refund) -> RefundSeen:
    state = REFUND_STATES.get(seen.status or "", MoneyState.FAILED)
    reason = getattr(seen, "failure_reason", None) or seen.status
    return RefundSeen(seen.id, state, f"Stripe: {reason}" if state is MoneyState.FAILED else None)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def ref(related: object) -> str | None:
    """The id of something that Stripe tells either by its id or whole."""
    return related if isinstance(related, str) else getattr(related, "id", None)


@contextmanager
def asking() -> Iterator[None]:
    """Say what went wrong in words for an admin, and whether asking again may help."""
    try:
        yield
    except stripe.APIConnectionError as error:
        raise ProviderDown(f"Stripe does not answer ({type(error.__cause__).__name__}).") from error
    except stripe.RateLimitError as error:
        raise ProviderDown("Stripe is asked too much at once.") from error
    except stripe.AuthenticationError as error:
        raise ProviderRefused("Stripe does not know our key: correct STRIPE_SECRET_KEY.") from error
    except stripe.PermissionError as error:
        raise ProviderRefused(f"Our key may not do that: {reason(error)}") from error
    except stripe.IdempotencyError as error:
        raise ProviderRefused("Stripe was asked for something else under the same key before.") from error
    except stripe.StripeError as error:
        raise refusal(error) from error


def refusal(error: stripe.StripeError) -> ProviderDown | ProviderRefused:
    """Its own trouble and a lock that somebody else holds pass by themselves; the rest was our request."""
    status = error.http_status or SERVERS_FAULT
    if status >= SERVERS_FAULT or status == CONFLICT or error.code == "lock_timeout":
        return ProviderDown(f"Stripe could not do it just now ({status}).")
    return ProviderRefused(f"Stripe refused it: {reason(error)}")


def reason(error: stripe.StripeError) -> str:
    """Stripe's own words, without anything that looks like a key."""
    return SECRETS.sub("…", error.user_message or "it gave no reason.")
