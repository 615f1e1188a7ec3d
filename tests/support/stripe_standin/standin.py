"""The stand-in as tests hold it: one account, its API and pages, and what a test can make happen."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from pipeline import clock
from tests.support.stripe_standin import billing, hosted, money, sessions
from tests.support.stripe_standin import calls as outgoing
from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.api import Answer, Api, Call
from tests.support.stripe_standin.faults import Fault
from tests.support.stripe_standin.parameters import read
from tests.support.stripe_standin.refusals import Refusal
from tests.support.stripe_standin.server import Server
from tests.support.stripe_standin.server import read as read_request

KEY = "sk_test_51StandinOnly"
SECRET = "whsec_standin"
PAGES = "/c/pay/"
SENT = ("checkout.session.", "invoice.", "charge.", "refund.")


class StripeStandin:
    """With a `webhook_url` each event that an endpoint of ours asks for is sent there as it happens."""

    def __init__(self, *, now: Callable[[], datetime] = clock.now, port: int = 0) -> None:
        self.key, self.secret = KEY, SECRET
        self.webhook_url = ""
        self.account = Account(now)
        self.account.tell = self._tell
        self._outgoing: list[Thing] = []
        self.api = Api(self.account, self.key)
        self.server = Server(self._serve, port)

    def start(self) -> None:
        self.server.start()
        self.account.base = self.address

    def stop(self) -> None:
        self.server.stop()

    # where it is, and what came to it

    @property
    def address(self) -> str:
        return self.server.address

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    @property
    def events(self) -> list[Thing]:
        return self.account.events

    def last(self, kind: str) -> Thing:
        """The latest event of a kind."""
        return next(event for event in reversed(self.events) if event["type"] == kind)

    def find(self, ref: str) -> Thing:
        """Anything by its id, as it is now."""
        return self.account.things[ref]

    # what payers and banks do

    def pay(
        self, session_ref: str, *, method: str = "card", amount: int | None = None, currency: str | None = None
    ) -> Thing:
        """The payer pays: by `card` at once, `delayed` in some days. Another amount or currency may come of it."""
        with self._happening():
            session = sessions.found(self.account, session_ref)
            return sessions.complete(self.account, session, method, amount, currency)

    def settle(self, session_ref: str, *, succeeded: bool = True) -> Thing:
        """The delayed money of a session comes, or does not."""
        with self._happening():
            return sessions.settle(self.account, sessions.found(self.account, session_ref), succeeded=succeeded)

    def renew(self, subscription_ref: str, *, method: str = "card") -> Thing | None:
        """The next period is billed: `card`, `declined` or `delayed`. Nothing once the subscription has ended."""
        with self._happening():
            return billing.renew(self.account, self.find(subscription_ref), method)

    def retry(self, intent_ref: str, *, succeeded: bool = True) -> None:
        """A renewal that failed or is on its way comes to its end."""
        with self._happening():
            money.settle(self.account, self.find(intent_ref), succeeded=succeeded)
            billing.follow(self.account, self.find(intent_ref))

    def settle_refund(self, refund_ref: str, *, succeeded: bool = True) -> Thing:
        """With `account.refunds_take_time` refunds are pending, until this."""
        with self._happening():
            return money.settle_refund(self.account, self.find(refund_ref), succeeded=succeeded)

    # what goes wrong

    def fail(self, status: int | None = None, **how: Any) -> None:
        """The next request that has `on` in its “METHOD /path” meets this; see `Fault`."""
        self.api.plan.faults.append(Fault(status=status, **how))

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody is at the address for as long as the block lasts."""
        self.server.stop()
        try:
            yield
        finally:
            self.server.start()

    # its calls to us

    def sign(self, event: Thing, *, secret: str = "", at: float | None = None, **changed: object) -> outgoing.Signed:
        """A call as it goes out; with another secret, signed at another time, or from another account or mode."""
        return outgoing.sign(event, secret or self.secret, at=at, **changed)

    def deliver(self, *events: Thing, times: int = 1, to: str = "", **how: Any) -> list[int]:
        """Send events in this order, each as often as told, and say how each call was answered."""
        signed = [self.sign(event, **how) for event in events for _ in range(times)]
        return outgoing.send(signed, to or self.webhook_url)

    def _tell(self, event: Thing) -> None:
        if self.webhook_url and event["type"].startswith(SENT):
            self._outgoing.append(event)

    def _call_out(self) -> None:
        """Send what has happened since. Never under the lock: who is called asks us back."""
        while self._outgoing:
            self.deliver(self._outgoing.pop(0))

    @contextmanager
    def _happening(self) -> Iterator[None]:
        with self.account.lock:
            yield
        self._call_out()

    # its own side of the wire

    def _serve(self, asked: BaseHTTPRequestHandler) -> Answer | tuple[int, str, str]:
        method, path, text = read_request(asked)
        if not path.startswith(PAGES):
            answer = self.api.answer(method, path, text, asked.headers)
            threading.Thread(target=self._call_out, daemon=True).start()
            return answer
        try:
            return self._page(method, path.removeprefix(PAGES), text)
        except Refusal as refusal:
            return refusal.status, refusal.message, ""

    def _page(self, method: str, session_ref: str, text: str) -> tuple[int, str, str]:
        """Paying tells us first and then leads the payer back, as Stripe does."""
        with self.account.lock:
            session = sessions.found(self.account, session_ref)
        chosen = read(text).get("method", "card") if method == "POST" else ""
        if not chosen or session["status"] != "open":
            return 200, hosted.page(session), ""
        if chosen == "declined":
            return 200, hosted.page(session, "Your card was declined."), ""
        self.pay(session_ref, method=chosen)
        return 303, "", session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_ref)
