"""What one Stripe account holds: objects by their id, the clock, and an event for each thing that happened."""

import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import stripe

from pipeline import clock
from tests.support.stripe_standin.refusals import no_such

Thing = dict[str, Any]

PREFIXES = {
    "checkout.session": "cs_test",
    "payment_intent": "pi",
    "charge": "ch",
    "customer": "cus",
    "subscription": "sub",
    "invoice": "in",
    "invoice_payment": "inpay",
    "refund": "re",
    "event": "evt",
}


class Account:
    """`tell` is called with each event as it happens. Everything runs under one lock, as in one database."""

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.things: dict[str, Thing] = {}
        self.events: list[Thing] = []
        self.tell: Callable[[Thing], None] = lambda event: None
        self.livemode = False
        self.base = ""
        self.refunds_take_time = False
        self._numbers = count(1)

    @property
    def timestamp(self) -> int:
        return int(self.now().timestamp())

    def make(self, kind: str, **values: Any) -> Thing:
        ref = f"{PREFIXES[kind]}_{next(self._numbers):06d}Standin"
        thing = {"id": ref, "object": kind, "created": self.timestamp, "livemode": self.livemode, **values}
        self.things[ref] = thing
        return thing

    def find(self, kind: str, ref: str) -> Thing:
        thing = self.things.get(ref)
        if thing is None or thing["object"] != kind:
            raise no_such(kind, ref)
        return thing

    def all(self, kind: str, **having: Any) -> list[Thing]:
        """Newest first, as Stripe lists them."""
        found = (thing for thing in self.things.values() if thing["object"] == kind)
        return [thing for thing in found if all(thing.get(name) == value for name, value in having.items())][::-1]

    def happened(self, kind: str, thing: Thing) -> Thing:
        """Write an event down, with the thing as it is now."""
        event = self.make(
            "event",
            type=kind,
            api_version=stripe.api_version,
            data={"object": {name: value for name, value in thing.items() if not name.startswith("_")}},
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )
        self.events.append(event)
        self.tell(event)
        return event
