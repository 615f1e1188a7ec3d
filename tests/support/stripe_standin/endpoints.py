"""Every address of the API that is there, with the parameters that it knows."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stripe.params import (
    InvoiceListParams,
    InvoiceRetrieveParams,
    PaymentIntentRetrieveParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
    SubscriptionCancelParams,
    SubscriptionRetrieveParams,
    SubscriptionUpdateParams,
)
from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListParams,
    SessionRetrieveParams,
)

from tests.support.stripe_standin import billing, money, sessions
from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields, check
from tests.support.stripe_standin.refusals import Refusal
from tests.support.stripe_standin.showing import page, shown


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    documented: type
    act: Callable[[Account, str, Fields], Thing]

    def ref(self, method: str, path: str) -> str | None:
        """The id in the path, empty if it has none; nothing if this is another endpoint."""
        found = re.fullmatch(self.path, path) if method == self.method else None
        return "".join(found.groups()) if found else None


ENDPOINTS = (
    Endpoint("POST", "/v1/checkout/sessions", SessionCreateParams, lambda a, ref, f: sessions.create(a, f)),
    Endpoint("GET", "/v1/checkout/sessions", SessionListParams, lambda a, ref, f: listing(a, "checkout.session", f)),
    Endpoint("GET", r"/v1/checkout/sessions/(\w+)", SessionRetrieveParams, lambda a, ref, f: sessions.found(a, ref)),
    Endpoint(
        "POST", r"/v1/checkout/sessions/(\w+)/expire", SessionExpireParams, lambda a, ref, f: sessions.expire(a, ref)
    ),
    Endpoint(
        "GET",
        r"/v1/payment_intents/(\w+)",
        PaymentIntentRetrieveParams,
        lambda a, ref, f: a.find("payment_intent", ref),
    ),
    Endpoint("GET", "/v1/invoices", InvoiceListParams, lambda a, ref, f: listing(a, "invoice", f)),
    Endpoint("GET", r"/v1/invoices/(\w+)", InvoiceRetrieveParams, lambda a, ref, f: a.find("invoice", ref)),
    Endpoint(
        "GET", r"/v1/subscriptions/(\w+)", SubscriptionRetrieveParams, lambda a, ref, f: a.find("subscription", ref)
    ),
    Endpoint("POST", r"/v1/subscriptions/(\w+)", SubscriptionUpdateParams, billing.change),
    Endpoint("DELETE", r"/v1/subscriptions/(\w+)", SubscriptionCancelParams, billing.cancel),
    Endpoint("POST", "/v1/refunds", RefundCreateParams, lambda a, ref, f: money.refund(a, f)),
    Endpoint("GET", "/v1/refunds", RefundListParams, lambda a, ref, f: listing(a, "refund", f)),
    Endpoint("GET", r"/v1/refunds/(\w+)", RefundRetrieveParams, lambda a, ref, f: a.find("refund", ref)),
)

LISTED_BY = {
    "checkout.session": {"subscription": "subscription", "payment_intent": "payment_intent", "status": "status"},
    "invoice": {"subscription": "_subscription", "status": "status"},
    "refund": {"payment_intent": "payment_intent", "charge": "charge"},
}
URLS = {"checkout.session": "/v1/checkout/sessions", "invoice": "/v1/invoices", "refund": "/v1/refunds"}


def answer(account: Account, method: str, path: str, fields: Fields) -> Thing:
    """Find the endpoint, hold the request against what is documented, and do it."""
    for endpoint in ENDPOINTS:
        ref = endpoint.ref(method, path)
        if ref is not None:
            check(fields, endpoint.documented)
            thing = endpoint.act(account, ref, fields)
            return thing if thing["object"] == "list" else shown(account, thing, fields)
    raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)


def listing(account: Account, kind: str, fields: Fields) -> Thing:
    having = {inside: fields[name] for name, inside in LISTED_BY[kind].items() if name in fields}
    return page(account, account.all(kind, **having), fields, URLS[kind])
