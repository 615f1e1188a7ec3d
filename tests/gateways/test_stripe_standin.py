"""The stand-in is as strict as Stripe: what Stripe documents that it refuses is refused here too."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from pipeline.gateways.stripe import StripeGateway
from tests.gateways.conftest import Baskets, line
from tests.support.stripe_standin.api import Answer
from tests.support.stripe_standin.server import Server, read
from tests.support.stripe_standin.standin import StripeStandin

BASKET = {
    "mode": "payment",
    "success_url": "https://shop.example/thanks",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "1000",
    "line_items[0][price_data][product_data][name]": "Paper",
}
RECURRING = {"mode": "subscription", "line_items[0][price_data][recurring][interval]": "month"}
SESSIONS = "/v1/checkout/sessions"


def ask(stripe: StripeStandin, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, Any]:
    """A request as any program could make it; fields are posted."""
    from stripe import api_version

    said = {"Authorization": f"Bearer {stripe.key}", "Stripe-Version": api_version, "Idempotency-Key": "k1"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    body = None if fields is None else urlencode(fields)
    if body is not None:
        said["Content-Type"] = "application/x-www-form-urlencoded"
    status, text, _ = browse(stripe.address + path, body, said)
    return status, json.loads(text) if status == 200 else json.loads(text)["error"]


def browse(url: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text, and where it leads."""
    with closing(HTTPConnection(urlsplit(url).netloc)) as line:
        line.request("GET" if body is None else "POST", url, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")


def test_a_plain_request_is_answered(stripe: StripeStandin) -> None:
    status, session = ask(stripe, SESSIONS, BASKET)
    assert (status, session["amount_total"], session["status"]) == (200, 1000, "open")


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"quantity": "1"}, "parameter_unknown", "quantity"),
        ({"line_items[0][price]": "x", "line_items[0][prize]": "1"}, "parameter_unknown", "line_items[0][prize]"),
        ({"payment_intent_data[meta]": "1"}, "parameter_unknown", "payment_intent_data[meta]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "shop.example"}, "url_invalid", "success_url"),
        ({"line_items[0][price_data][currency]": None}, "parameter_missing", "line_items[0][price_data][currency]"),
        ({"line_items[0][price_data][unit_amount]": "1.5"}, "parameter_invalid_integer", None),
        ({"line_items[0][price_data][unit_amount]": "-1"}, None, "line_items[0][price_data][unit_amount]"),
        ({"line_items[0][price_data][unit_amount]": "100000000"}, "amount_too_large", None),
        ({"line_items[0][price_data][unit_amount]": "10"}, "amount_too_small", "line_items"),
        ({"line_items[0][quantity]": "0"}, None, "line_items[0][quantity]"),
        ({"expires_at": "1"}, None, "expires_at"),
        ({"subscription_data[trial_period_days]": "3"}, None, "subscription_data"),
        ({"mode": "subscription"}, None, "line_items"),
        (RECURRING | {"mode": "payment"}, None, "line_items[0]"),
        (RECURRING | {"payment_intent_data[description]": "x"}, None, "payment_intent_data"),
        (RECURRING | {"subscription_data[trial_period_days]": "0"}, None, "subscription_data[trial_period_days]"),
        (RECURRING | {"line_items[0][price_data][recurring][interval_count]": "37"}, None, None),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"metadata[note]": "x" * 501}, None, "metadata"),
        ({"expand[0]": "payment_intent.latest_charge.refunds.data.charge"}, None, "expand"),
        ({"expand[0]": "no_such_thing"}, None, "expand"),
    ],
)
def test_what_stripe_refuses_is_refused(
    stripe: StripeStandin, changed: dict[str, str | None], code: str | None, param: str | None
) -> None:
    fields = {name: value for name, value in (BASKET | changed).items() if value is not None}
    status, error = ask(stripe, SESSIONS, fields)
    assert (status, error["type"]) == (400, "invalid_request_error"), error
    assert code is None or error["code"] == code
    assert param is None or error["param"] == param


def test_who_asks_and_how_is_looked_at(stripe: StripeStandin) -> None:
    assert ask(stripe, SESSIONS, BASKET, Authorization="Bearer sk_live_x")[0] == 401
    assert ask(stripe, SESSIONS, BASKET, Stripe_Version="2019-01-01")[0] == 400
    assert ask(stripe, SESSIONS, BASKET, Idempotency_Key="")[0] == 400
    assert ask(stripe, "/v1/checkout/session", BASKET)[0] == 404
    assert ask(stripe, f"{SESSIONS}/cs_none")[0] == 404
    assert stripe.account.all("checkout.session") == []


def test_a_key_is_never_repeated_whole(stripe: StripeStandin) -> None:
    _, error = ask(stripe, SESSIONS, BASKET, Authorization="Bearer sk_test_abcdefghijkl")
    assert error["message"] == "Invalid API Key provided: sk_test_********ijkl"


def test_a_repeated_key_repeats_the_answer_or_is_refused(stripe: StripeStandin) -> None:
    first, again = (ask(stripe, SESSIONS, BASKET)[1]["id"] for _ in range(2))
    assert first == again
    status, error = ask(stripe, SESSIONS, BASKET | {"cancel_url": "https://shop.example"})
    assert (status, error["type"]) == (400, "idempotency_error")


def test_lists_come_in_pages(gateway: StripeGateway, basket: Baskets, stripe: StripeStandin) -> None:
    for number in range(12):
        gateway.open(basket(), key=f"k{number}")
    _, first = ask(stripe, f"{SESSIONS}?limit=10")
    _, rest = ask(stripe, f"{SESSIONS}?limit=10&starting_after={first['data'][-1]['id']}")
    assert (len(first["data"]), first["has_more"], len(rest["data"]), rest["has_more"]) == (10, True, 2, False)
    assert ask(stripe, f"{SESSIONS}?limit=101")[0] == 400


@pytest.fixture
def listener() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Somebody who takes calls: the address, and what was called."""
    heard: list[tuple[str, str]] = []

    def serve(asked: BaseHTTPRequestHandler) -> Answer:
        heard.append((asked.headers["Stripe-Signature"], json.loads(read(asked)[2])["type"]))
        return Answer(204 if len(heard) > 1 else 503)

    server = Server(serve)
    server.start()
    yield f"{server.address}/hooks/stripe", heard
    server.stop()


def test_events_are_sent_as_often_and_in_the_order_as_told(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, listener: tuple[str, list[tuple[str, str]]]
) -> None:
    url, heard = listener
    stripe.pay(gateway.open(basket(), key="k1").ref)
    answers = stripe.deliver(*reversed(stripe.events), times=2, to=url)
    assert answers == [503, 204, 204, 204]
    assert [kind for _, kind in heard] == ["checkout.session.completed"] * 2 + ["payment_intent.succeeded"] * 2


def test_a_payer_pays_on_the_page_and_is_led_back_after_we_were_called(
    gateway: StripeGateway, basket: Baskets, stripe: StripeStandin, listener: tuple[str, list[tuple[str, str]]]
) -> None:
    stripe.webhook_url, heard = listener
    asked = basket(line(1050, 3), success_url="https://shop.example/thanks?for={CHECKOUT_SESSION_ID}")
    opened = gateway.open(asked, key="k1")
    assert opened.url
    assert "Due now: 10.50 EUR" in browse(opened.url)[1]
    assert "was declined" in browse(opened.url, "method=declined")[1]
    assert browse(opened.url, "method=card") == (303, "", f"https://shop.example/thanks?for={opened.ref}")
    assert [kind for _, kind in heard] == ["checkout.session.completed"]
    assert "expired" in browse(f"{stripe.address}/c/pay/{opened.ref}")[1]
