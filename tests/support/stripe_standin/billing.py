"""Subscriptions: the first invoice comes with the session, the later ones with each period, until it is ended."""

from datetime import UTC, datetime, timedelta

from tests.support.stripe_standin import money
from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields, whole
from tests.support.stripe_standin.refusals import invalid, no_such

DAY = 86_400


def begin(account: Account, session: Thing, method: str, due: int, currency: str) -> None:
    """The payer subscribes: customer, subscription and first invoice are made."""
    customer = account.make("customer", email=session["customer_email"])
    [months] = {line["months"] for line in session["_lines"] if line["months"]}
    start = account.timestamp + session["_trial"] * DAY
    subscription = account.make(
        "subscription",
        status="trialing" if session["_trial"] else "active",
        customer=customer["id"],
        currency=currency,
        metadata=session["_data"].get("metadata", {}),
        billing_cycle_anchor=start,
        start_date=account.timestamp,
        trial_end=start if session["_trial"] else None,
        cancel_at=None,
        canceled_at=None,
        cancel_at_period_end=False,
        _months=months,
        _periods=0 if session["_trial"] else 1,
        _amount=sum(line["amount"] for line in session["_lines"] if line["months"]),
    )
    invoice = bill(account, subscription, due, method, reason="subscription_create")
    session |= {"customer": customer["id"], "subscription": subscription["id"], "invoice": invoice["id"]}
    account.happened("customer.subscription.created", subscription)


def bill(account: Account, subscription: Thing, amount: int, method: str, *, reason: str) -> Thing:
    """An invoice, and the try to have it paid."""
    carried = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
    invoice = account.make(
        "invoice",
        amount_due=amount,
        amount_paid=0,
        attempted=True,
        attempt_count=1 if amount else 0,
        billing_reason=reason,
        currency=subscription["currency"],
        customer=subscription["customer"],
        status="open",
        parent={"type": "subscription_details", "subscription_details": carried},
        status_transitions={"paid_at": None},
        _subscription=subscription["id"],
    )
    if not amount:
        _paid(account, invoice)
        return invoice
    intent = money.intent(account, amount, subscription["currency"], method, {})
    account.make(
        "invoice_payment",
        invoice=invoice["id"],
        amount_requested=amount,
        amount_paid=None,
        currency=subscription["currency"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={"paid_at": None, "canceled_at": None},
    )
    follow(account, intent)
    return invoice


def follow(account: Account, intent: Thing) -> None:
    """Carry an intent's fate over to its invoice, if it belongs to one."""
    for payment in account.all("invoice_payment"):
        if payment["payment"]["payment_intent"] == intent["id"]:
            invoice = account.things[payment["invoice"]]
            if intent["status"] == "succeeded":
                payment |= {"status": "paid", "amount_paid": intent["amount"]}
                payment["status_transitions"] = {"paid_at": account.timestamp, "canceled_at": None}
                _paid(account, invoice)
            elif intent["status"] == "requires_payment_method":
                account.things[invoice["_subscription"]]["status"] = "past_due"
                account.happened("invoice.payment_failed", invoice)


def renew(account: Account, subscription: Thing, method: str) -> Thing | None:
    """The next period begins: it is billed, unless the subscription has come to its end by then."""
    ends = subscription["cancel_at"]
    begins = after(subscription["billing_cycle_anchor"], subscription["_periods"] * subscription["_months"])
    if subscription["status"] == "canceled" or (ends is not None and begins >= ends):
        _cancel(account, subscription)
        return None
    subscription |= {"status": "active", "_periods": subscription["_periods"] + 1}
    return bill(account, subscription, subscription["_amount"], method, reason="subscription_cycle")


def after(anchor: int, months: int) -> int:
    """So many months after the anchor, on its day of the month or the month's last."""
    first = datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)
    last = (following - timedelta(days=1)).day
    return int(first.replace(year=year, month=month + 1, day=min(first.day, last)).timestamp())


def change(account: Account, ref: str, fields: Fields) -> Thing:
    subscription = account.find("subscription", ref)
    if subscription["status"] == "canceled":
        raise no_such("subscription", ref)
    if "cancel_at" in fields:
        ends = whole(fields, "cancel_at")
        if ends <= account.timestamp:
            raise invalid("cancel_at", "The cancel_at timestamp must be in the future.")
        subscription["cancel_at"] = ends
    account.happened("customer.subscription.updated", subscription)
    return subscription


def cancel(account: Account, ref: str, fields: Fields) -> Thing:
    subscription = account.find("subscription", ref)
    if subscription["status"] == "canceled":
        raise no_such("subscription", ref)
    _cancel(account, subscription)
    return subscription


def _paid(account: Account, invoice: Thing) -> None:
    invoice |= {"status": "paid", "amount_paid": invoice["amount_due"]}
    invoice["status_transitions"] = {"paid_at": account.timestamp}
    account.happened("invoice.paid", invoice)


def _cancel(account: Account, subscription: Thing) -> None:
    if subscription["status"] != "canceled":
        subscription |= {"status": "canceled", "canceled_at": account.timestamp}
        account.happened("customer.subscription.deleted", subscription)
