"""Money that moves: payment intents with their charge, and refunds."""

from typing import Any

from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields, check_metadata, whole
from tests.support.stripe_standin.refusals import Refusal, missing

DELAYED = "sepa_debit"


def intent(account: Account, amount: int, currency: str, method: str, metadata: dict[str, str], **more: Any) -> Thing:
    """By card it succeeds at once, a declined one has no charge that holds, any other method takes its time."""
    status = {"card": "succeeded", "declined": "requires_payment_method"}.get(method, "processing")
    kind = "card" if method in {"card", "declined"} else DELAYED
    made = account.make(
        "payment_intent",
        amount=amount,
        amount_received=amount if status == "succeeded" else 0,
        currency=currency,
        status=status,
        metadata=metadata,
        payment_method_types=[kind],
        last_payment_error=declined() if method == "declined" else None,
        **more,
    )
    charge = account.make(
        "charge",
        amount=amount,
        amount_refunded=0,
        refunded=False,
        currency=currency,
        status={"succeeded": "succeeded", "processing": "pending"}.get(status, "failed"),
        payment_intent=made["id"],
        metadata=metadata,
        payment_method_details={"type": kind},
    )
    made["latest_charge"] = charge["id"]
    if status != "processing":
        account.happened(f"payment_intent.{'succeeded' if method == 'card' else 'payment_failed'}", made)
    return made


def declined() -> Thing:
    return {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}


def settle(account: Account, intent: Thing, *, succeeded: bool) -> None:
    charge = account.things[intent["latest_charge"]]
    charge["status"] = "succeeded" if succeeded else "failed"
    if succeeded:
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
    else:
        intent |= {"status": "requires_payment_method", "last_payment_error": declined()}
    account.happened(f"payment_intent.{'succeeded' if succeeded else 'payment_failed'}", intent)


def of_session(account: Account, session: Thing) -> Thing:
    """The one payment of a session, through its invoice if it has one."""
    if session["payment_intent"]:
        return account.things[session["payment_intent"]]
    [payment] = account.all("invoice_payment", invoice=session["invoice"])
    return account.things[payment["payment"]["payment_intent"]]


def refund(account: Account, fields: Fields) -> Thing:
    if "payment_intent" not in fields:
        raise missing("payment_intent")
    paid = account.find("payment_intent", fields["payment_intent"])
    if paid["status"] != "succeeded":
        words = f"This PaymentIntent ({paid['id']}) does not have a successful charge to refund."
        raise Refusal(words, code="payment_intent_unexpected_state", param="payment_intent")
    check_metadata(fields.get("metadata", {}), "metadata")
    charge = account.things[paid["latest_charge"]]
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = whole(fields, "amount", least=1) if "amount" in fields else left
    if amount > left:
        raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    made = account.make(
        "refund",
        amount=amount,
        currency=paid["currency"],
        charge=charge["id"],
        payment_intent=paid["id"],
        metadata=fields.get("metadata", {}),
        reason=fields.get("reason"),
        status="pending" if account.refunds_take_time else "succeeded",
    )
    account.happened("refund.created", made)
    account.happened("charge.refunded", charge)
    return made


def settle_refund(account: Account, made: Thing, *, succeeded: bool) -> Thing:
    """What was still on its way back arrives, or comes back to us."""
    made["status"] = "succeeded" if succeeded else "failed"
    if not succeeded:
        made["failure_reason"] = "expired_or_canceled_card"
        charge = account.things[made["charge"]]
        charge |= {"amount_refunded": charge["amount_refunded"] - made["amount"], "refunded": False}
    account.happened("refund.updated" if succeeded else "refund.failed", made)
    return made
