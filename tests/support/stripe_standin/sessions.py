"""Checkout Sessions: opened with a basket, and then completed by a payer, ended by us, or over by themselves."""

from tests.support.stripe_standin import baskets, billing, money
from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields
from tests.support.stripe_standin.refusals import Refusal


def create(account: Account, fields: Fields) -> Thing:
    baskets.check_session(account, fields)
    lines = baskets.lines_of(fields)
    trial = int(fields.get("subscription_data", {}).get("trial_period_days", 0))
    due = sum(line["amount"] for line in lines if not (trial and line["months"]))
    session = account.make(
        "checkout.session",
        mode=fields["mode"],
        status="open",
        payment_status="unpaid" if due else "no_payment_required",
        amount_total=due,
        amount_subtotal=due,
        currency=lines[0]["currency"],
        client_reference_id=fields.get("client_reference_id"),
        customer_email=fields.get("customer_email"),
        metadata=fields.get("metadata", {}),
        success_url=fields["success_url"],
        cancel_url=fields.get("cancel_url"),
        expires_at=int(fields.get("expires_at", account.timestamp + baskets.LATEST)),
        payment_intent=None,
        subscription=None,
        invoice=None,
        customer=None,
        _lines=lines,
        _trial=trial,
        _data=fields.get("payment_intent_data", fields.get("subscription_data", {})),
    )
    session["url"] = f"{account.base}/c/pay/{session['id']}"
    return session


def found(account: Account, ref: str) -> Thing:
    """The session; one whose time has come is over."""
    session = account.find("checkout.session", ref)
    if session["status"] == "open" and session["expires_at"] <= account.timestamp:
        _end(account, session)
    return session


def expire(account: Account, ref: str) -> Thing:
    session = found(account, ref)
    if session["status"] != "open":
        words = f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
        raise Refusal(words)
    _end(account, session)
    return session


def complete(account: Account, session: Thing, method: str, amount: int | None, currency: str | None) -> Thing:
    """The payer is through: by card the money is there, by a delayed method it is only announced."""
    if session["status"] != "open":
        raise ValueError(f"nobody can pay in a session that is {session['status']}")
    due, currency = session["amount_total"] if amount is None else amount, (currency or session["currency"]).lower()
    if session["mode"] == "subscription":
        billing.begin(account, session, method, due, currency)
    elif due:
        intent = money.intent(account, due, currency, method, session["_data"].get("metadata", {}))
        session["payment_intent"] = intent["id"]
    paid = "paid" if method == "card" else "unpaid"
    session |= {"status": "complete", "url": None, "payment_status": paid if due else "no_payment_required"}
    account.happened("checkout.session.completed", session)
    return session


def settle(account: Account, session: Thing, *, succeeded: bool) -> Thing:
    """What was announced comes, or does not."""
    intent = money.of_session(account, session)
    money.settle(account, intent, succeeded=succeeded)
    billing.follow(account, intent)
    if succeeded:
        session["payment_status"] = "paid"
    account.happened(f"checkout.session.async_payment_{'succeeded' if succeeded else 'failed'}", session)
    return session


def _end(account: Account, session: Thing) -> None:
    session |= {"status": "expired", "url": None}
    account.happened("checkout.session.expired", session)
