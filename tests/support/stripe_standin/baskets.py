"""What may be sold in a Checkout Session: its lines, their prices, and what goes with which mode."""

import re
from urllib.parse import urlsplit

from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields, check_metadata, listed, whole
from tests.support.stripe_standin.refusals import invalid, missing

SOONEST, LATEST = 30 * 60, 24 * 60 * 60
LARGEST = 99_999_999
MOST_LINES = {"payment": 100, "subscription": 20}
ALWAYS_HUNDREDS = {"isk", "ugx"}
ALWAYS_TENS = {"bhd", "jod", "kwd", "omr", "tnd"}
NO_DECIMALS = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
LEAST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "isk": 0}
MONTHS = {"month": 1, "year": 12}


def check_session(account: Account, fields: Fields) -> None:
    """What Stripe refuses before it makes anything."""
    mode = fields.get("mode")
    if mode not in MOST_LINES:
        raise missing("mode") if mode is None else invalid("mode", f"Invalid mode: must be one of {list(MOST_LINES)}")
    for name in ("success_url", "cancel_url"):
        check_url(fields, name)
    other = {"payment": "subscription_data", "subscription": "payment_intent_data"}[mode]
    if other in fields:
        raise invalid(other, f"You can not pass `{other}` in `{mode}` mode.")
    if len(fields.get("client_reference_id", "")) > 200:
        raise invalid("client_reference_id", "Invalid string: must be at most 200 characters")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", fields.get("customer_email", "a@b.c")):
        raise invalid("customer_email", f"Invalid email address: {fields['customer_email']}", "email_invalid")
    if "expires_at" in fields:
        check_expiry(account, whole(fields, "expires_at"))
    for under in ("payment_intent_data", "subscription_data"):
        check_metadata(fields.get(under, {}).get("metadata", {}), f"{under}[metadata]")
    check_metadata(fields.get("metadata", {}), "metadata")
    if "trial_period_days" in fields.get("subscription_data", {}):
        whole(fields["subscription_data"], "trial_period_days", "subscription_data", least=1, most=730)


def check_url(fields: Fields, name: str) -> None:
    if name not in fields and name == "success_url":
        raise missing(name)
    parts = urlsplit(fields.get(name, "https://example.com"))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid(name, "Not a valid URL", "url_invalid")


def check_expiry(account: Account, expires_at: int) -> None:
    if not SOONEST <= expires_at - account.timestamp <= LATEST:
        words = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from session creation."
        raise invalid("expires_at", words)


def lines_of(fields: Fields) -> list[Thing]:
    """The lines as Stripe keeps them, once every one is in order and they go together."""
    given = listed(fields, "line_items")
    if not given:
        raise missing("line_items")
    lines = [_line(line, f"line_items[{number}]") for number, line in enumerate(given)]
    if len({line["currency"] for line in lines}) > 1:
        raise invalid("line_items", "All line items must have the same currency.")
    recurring = [line for line in lines if line["months"]]
    if fields["mode"] == "payment" and recurring:
        raise invalid("line_items[0]", "You specified `payment` mode but passed a recurring price.")
    if fields["mode"] == "subscription" and not recurring:
        raise invalid("line_items", "You must provide at least one recurring price in `subscription` mode.")
    if len({line["months"] for line in recurring}) > 1:
        raise invalid("line_items", "Checkout does not support multiple prices with different billing intervals.")
    if max(len(recurring), len(lines) - len(recurring)) > MOST_LINES[fields["mode"]]:
        raise invalid("line_items", f"At most {MOST_LINES[fields['mode']]} line items are allowed.")
    _check_total(lines)
    return lines


def _line(line: Fields, under: str) -> Thing:
    if "price_data" not in line:
        raise invalid(under, "You must provide one of `price` or `price_data` for each line item.")
    price, where = line["price_data"], f"{under}[price_data]"
    if not price.get("product_data", {}).get("name", "").strip():
        raise missing(f"{where}[product_data][name]")
    currency = price["currency"].lower()
    amount = whole(price, "unit_amount", where)
    _check_amount(amount, currency, f"{where}[unit_amount]")
    return {
        "name": price["product_data"]["name"],
        "currency": currency,
        "amount": amount * whole(line, "quantity", under, least=1),
        "quantity": int(line["quantity"]),
        "months": _months(price.get("recurring"), where),
    }


def _months(recurring: Fields | None, where: str) -> int | None:
    if recurring is None:
        return None
    if recurring.get("interval") not in MONTHS:
        raise invalid(f"{where}[recurring][interval]", "Invalid interval: must be one of month or year here")
    times = whole(recurring, "interval_count", f"{where}[recurring]", least=1) if "interval_count" in recurring else 1
    months = MONTHS[recurring["interval"]] * times
    if months > 36:
        raise invalid(f"{where}[recurring][interval_count]", "The maximum interval is three years.")
    return months


def _check_amount(amount: int, currency: str, where: str) -> None:
    if not re.fullmatch("[a-z]{3}", currency):
        raise invalid("currency", f"Invalid currency: {currency}.")
    if amount % (100 if currency in ALWAYS_HUNDREDS else 10 if currency in ALWAYS_TENS else 1):
        raise invalid(where, f"Invalid amount for {currency}: {amount}", "invalid_charge_amount")
    if amount > LARGEST:
        raise invalid(where, "Amount must be no more than 99999999", "amount_too_large")


def _check_total(lines: list[Thing]) -> None:
    total = sum(line["amount"] for line in lines)
    least = LEAST.get(lines[0]["currency"], 0)
    if total > LARGEST:
        raise invalid("line_items", "The Checkout Session's total amount is too large.", "amount_too_large")
    if 0 < total < least:
        words = "The Checkout Session's total amount due must add up to at least the minimum charge amount."
        raise invalid("line_items", words, "amount_too_small")
