"""Stripe's calls to us, read after their signature was verified."""

from collections.abc import Mapping
from typing import Any

import stripe

from pipeline.domain.paying.words import BadSignature, Notice

TOLERANCE = 300
OF_SESSIONS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
OF_INVOICES = frozenset({"invoice.paid", "invoice.payment_failed", "invoice.payment_action_required"})
OF_REFUNDS = frozenset(
    {"charge.refunded", "charge.refund.updated", "refund.created", "refund.updated", "refund.failed"}
)
EVENTS = sorted(OF_SESSIONS | OF_INVOICES | OF_REFUNDS)
"""What Stripe should be told to call us about."""


def read(body: bytes, signature: str, secret: str) -> Notice | None:
    """None for what is not about our sessions, their subscriptions or their money."""
    if not signature.isascii():
        raise BadSignature("No signature of Stripe's has such letters.")
    try:
        event = stripe.Webhook.construct_event(body, signature, secret, TOLERANCE).to_dict()
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadSignature("The call was not signed by Stripe with our secret in the last five minutes.") from error
    about = _about(event["type"], event["data"]["object"])
    if about is None:
        return None
    return Notice(
        event_ref=event["id"],
        kind=event["type"],
        is_test=not event["livemode"],
        account=event.get("account"),
        **about,
    )


def _about(kind: str, thing: Mapping[str, Any]) -> dict[str, str] | None:
    """Which of our things it names. A subscription's first invoice is about the session that it was bought in."""
    if kind in OF_SESSIONS and thing.get("client_reference_id"):
        return {"session_ref": thing["id"]}
    if kind in OF_INVOICES:
        named, carried = _subscription(thing)
        if thing.get("billing_reason") == "subscription_create":
            return {"reference": str(carried["reference"])} if carried.get("reference") else None
        return {"subscription_ref": named} if named else None
    if kind in OF_REFUNDS and thing.get("payment_intent"):
        return {"payment_ref": str(thing["payment_intent"])}
    return None


def _subscription(invoice: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Its name and what it carries. Calls come in the version chosen for them at Stripe; older ones differ in this."""
    details = (invoice.get("parent") or {}).get("subscription_details") or invoice.get("subscription_details") or {}
    return str(details.get("subscription") or invoice.get("subscription") or ""), details.get("metadata") or {}
