"""The API as a whole: who asks, in which version, whether it was asked before, and what goes wrong on the way."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.support.stripe_standin import endpoints
from tests.support.stripe_standin.account import Account
from tests.support.stripe_standin.faults import Plan
from tests.support.stripe_standin.parameters import Fields, read
from tests.support.stripe_standin.refusals import Refusal

Headers = Mapping[str, str]


@dataclass
class Answer:
    """Without a status the line goes dead."""

    status: int | None
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> bytes:
        return json.dumps(self.body).encode()


@dataclass(frozen=True)
class Call:
    """A request that was made, for tests that look at what was asked."""

    request: str
    fields: Fields
    headers: dict[str, str]


class Api:
    def __init__(self, account: Account, key: str) -> None:
        self.account = account
        self.key = key
        self.plan = Plan()
        self.calls: list[Call] = []
        self.remembered: dict[str, tuple[str, Answer]] = {}
        self.under_way: set[str] = set()

    def answer(self, method: str, path: str, text: str, headers: Headers) -> Answer:
        """What Stripe says. Of two requests under one key that come at once, the second is turned away."""
        self.calls.append(Call(f"{method} {path}", read(text), dict(headers)))
        key = headers.get("Idempotency-Key", "") if method == "POST" else ""
        with self.account.lock:
            if key and key in self.under_way:
                words = "There is currently another in-progress request using this Idempotency Key."
                return self.refusing(
                    Refusal(words, status=409, kind="idempotency_error", code="idempotency_key_in_use")
                )
            self.under_way.add(key)
        try:
            return self.on_the_way(f"{method} {path}", text, headers)
        finally:
            self.under_way.discard(key)

    def on_the_way(self, request: str, text: str, headers: Headers) -> Answer:
        """The answer, unless something goes wrong before it is found or after."""
        fault = self.plan.next(request)
        if fault is None:
            return self.done(request, text, headers)
        if not fault.after_work:
            fault.wait()
            goes_on = fault.status is None and not fault.drops
            return self.done(request, text, headers) if goes_on else Answer(fault.status, fault.body())
        answer = self.done(request, text, headers)
        fault.wait()
        if fault.status is None and not fault.drops:
            return answer
        failed = Answer(fault.status, fault.body())
        if fault.is_remembered:
            self.remembered[headers["Idempotency-Key"]] = (request + text, failed)
        return failed

    def done(self, request: str, text: str, headers: Headers) -> Answer:
        try:
            self.check(request, text, headers)
            return self.once(request, text, headers.get("Idempotency-Key", ""))
        except Refusal as refusal:
            return self.refusing(refusal)

    def refusing(self, refusal: Refusal) -> Answer:
        return Answer(refusal.status, refusal.body(), {"Request-Id": "req_refused"})

    def check(self, request: str, text: str, headers: Headers) -> None:
        """Who asks, and how: key, version, form, and a key of idempotency for what changes something."""
        offered = headers.get("Authorization", "")
        if offered != f"Bearer {self.key}":
            words = f"Invalid API Key provided: {masked(offered.removeprefix('Bearer '))}"
            raise Refusal(words if offered else "You did not provide an API key.", status=401)
        if headers.get("Stripe-Version") != stripe.api_version:
            raise Refusal(f"Invalid Stripe API version: {headers.get('Stripe-Version')}")
        if request.startswith("POST") and not headers.get("Idempotency-Key"):
            raise Refusal("This house never changes anything at Stripe without an Idempotency-Key.")
        if request.startswith("POST") and text:
            kind = headers.get("Content-Type", "")
            if not kind.startswith("application/x-www-form-urlencoded"):
                raise Refusal(f"Invalid request: the content type {kind} is not supported.")

    def once(self, request: str, text: str, key: str) -> Answer:
        """What was answered under this key before, or what is done now. What is refused leaves no trace of its key."""
        method, path = request.split(" ", 1)
        with self.account.lock:
            if method == "POST" and key in self.remembered:
                return self.again(request + text, key)
            answer = Answer(200, endpoints.answer(self.account, method, path, read(text)), {"Request-Id": "req_done"})
            if method == "POST":
                self.remembered[key] = (request + text, answer)
            return answer

    def again(self, asked: str, key: str) -> Answer:
        before, answer = self.remembered[key]
        if asked != before:
            words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise Refusal(f"{words} Try using a key other than '{key}'.", kind="idempotency_error")
        return Answer(answer.status, answer.body, {**answer.headers, "Idempotent-Replayed": "true"})


def masked(key: str) -> str:
    """A key as Stripe repeats it: its beginning and its last four characters."""
    return re.sub(r"(?<=^.{8}).*(?=.{4}$)", lambda hidden: "*" * len(hidden[0]), key)
