"""Stripe's calls to us: events, signed as Stripe signs them, and sent as often and in whichever order a test likes."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.stripe_standin.account import Thing


@dataclass(frozen=True)
class Signed:
    """What goes out: `client.post("/hooks/stripe", data=call.body, headers=call.headers)`."""

    body: bytes
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Stripe-Signature": self.signature, "Content-Type": "application/json; charset=utf-8"}


def sign(event: Thing, secret: str, *, at: float | None = None, **changed: object) -> Signed:
    """`at` is when it was signed, in seconds since 1970; `account=` or `livemode=` make it somebody else's."""
    body = json.dumps({**event, **changed}, indent=2)
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return Signed(body.encode(), f"t={moment},v1={digest},v0={'0' * 64}")


def send(calls: Iterable[Signed], url: str) -> list[int]:
    """Make the calls one after the other; what was answered to each, 0 if nobody was there."""
    return [_send(call, url) for call in calls]


def _send(call: Signed, url: str) -> int:
    request = urllib.request.Request(url, data=call.body, headers=call.headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0
