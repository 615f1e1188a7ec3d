"""The built-in payment provider: it moves no money, and otherwise does as a provider does.

It keeps books of its own, in transactions of its own, and hears from us by this gateway alone; what the payer does at
its page is in `sandbox_till`. Its calls are signed as other providers sign theirs.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Books

from pipeline import clock
from pipeline.domain.paying.terms import months_after
from pipeline.domain.paying.words import (
    BadSignature,
    Basket,
    Money,
    MoneyState,
    Notice,
    ProviderRefused,
    RefundSeen,
    Session,
    SessionStatus,
)
from pipeline.extensions import db
from pipeline.models.payment import Provider, SandboxSession
from pipeline.sessions import WRITES
from pipeline.settings import Settings

TOLERANCE = timedelta(minutes=5)
PREFIX = "sbx_"


class SandboxGateway:
    provider = Provider.SANDBOX
    is_test = True
    shortest = timedelta()
    longest = timedelta(days=366)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def check(self) -> None:
        """It is always there."""

    def open(self, basket: Basket, *, key: str) -> Session:
        with _books() as books:
            session = books.scalar(select(SandboxSession).where(SandboxSession.key == key))
            if session is None:
                session = _opened(basket, key)
                books.add(session)
                books.flush()
            return self.seen(session)

    def fetch(self, session_ref: str) -> Session:
        with _books() as books:
            return self.seen(_named(books, session_ref))

    def expire(self, session_ref: str) -> Session:
        with _books() as books:
            session = _named(books, session_ref)
            if session.status == SessionStatus.OPEN:
                session.status = SessionStatus.EXPIRED
            return self.seen(session)

    def renewals(self, subscription_ref: str) -> list[Money]:
        with _books() as books:
            session = _named(books, session_of(subscription_ref))
            return list(_renewals(session))

    def end_subscription(self, subscription_ref: str, *, key: str) -> None:
        with _books() as books:
            session = _named(books, session_of(subscription_ref))
            if session.subscription and not session.subscription.get("ended_at"):
                session.subscription = session.subscription | {"ended_at": clock.now().isoformat()}

    def refund(self, payment_ref: str, amount: int, currency: str, *, key: str) -> RefundSeen:
        with _books() as books:
            session = _named(books, session_of(payment_ref))
            if key in session.refunds:
                return RefundSeen(session.refunds[key]["ref"], MoneyState.SUCCEEDED)
            given_back = sum(each["amount"] for each in session.refunds.values() if each["payment"] == payment_ref)
            paid = {money.ref: money for money in [*payments_in(session), *_renewals(session)]}.get(payment_ref)
            if paid is None or paid.state is not MoneyState.SUCCEEDED or paid.currency != currency:
                raise ProviderRefused("There is no such payment that could be given back.")
            if given_back + amount > paid.amount:
                raise ProviderRefused("That is more than was paid and is left to give back.")
            ref = f"{payment_ref}-back{len(session.refunds) + 1}"
            session.refunds = session.refunds | {key: {"ref": ref, "payment": payment_ref, "amount": amount}}
            return RefundSeen(ref, MoneyState.SUCCEEDED)

    def refunded(self, refund_ref: str) -> RefundSeen:
        """Here money is back at once, and stays there."""
        return RefundSeen(refund_ref, MoneyState.SUCCEEDED)

    def read(self, body: bytes, signature: str) -> Notice | None:
        moment, _, code = signature.partition(".")
        if not hmac.compare_digest(code.encode(), self._code(body, moment).encode()):
            raise BadSignature("It was not signed by the sandbox.")
        if not moment.isdecimal() or abs(clock.now().timestamp() - int(moment)) > TOLERANCE.total_seconds():
            raise BadSignature("It was signed too long ago.")
        said = json.loads(body)
        return Notice(event_ref=said["id"], kind=said["kind"], is_test=said["is_test"], session_ref=said.get("session"))

    def sign(self, body: bytes) -> str:
        """What the provider sends along with a call."""
        moment = str(int(clock.now().timestamp()))
        return f"{moment}.{self._code(body, moment)}"

    def _code(self, body: bytes, moment: str) -> str:
        secret = f"sandbox calls {self.settings.secret_key}".encode()
        return hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()

    def seen(self, session: SandboxSession) -> Session:
        """The session as we are told of it."""
        is_complete = session.status == SessionStatus.COMPLETE
        return Session(
            ref=session.ref,
            reference=session.key,
            status=SessionStatus(session.status),
            url=f"{self.settings.public_url}/buy/sandbox/{session.ref}",
            is_test=True,
            expires_at=session.expires_at,
            payments=tuple(payments_in(session)),
            subscription_ref=f"{session.ref}-sub" if session.subscription and is_complete else None,
            is_free_for_now=is_complete and not session.payments and session.amount == 0,
        )


@contextmanager
def _books() -> Iterator[Books]:
    """The provider's books, in a transaction that is none of ours."""
    with Books(db.engine, info={WRITES: True}) as books, books.begin():
        books.connection(execution_options={WRITES: True})
        yield books


def _named(books: Books, ref: str) -> SandboxSession:
    session = books.scalar(select(SandboxSession).where(SandboxSession.ref == ref).with_for_update())
    if session is None:
        raise ProviderRefused(f"The sandbox knows no session {ref}.")
    return session


def _opened(basket: Basket, key: str) -> SandboxSession:
    return SandboxSession(
        ref=f"{PREFIX}{token_urlsafe(24)}",
        key=key,
        status=SessionStatus.OPEN,
        amount=basket.amount,
        currency=basket.currency,
        description="\n".join(f"{line.quantity} × {line.name}" for line in basket.lines),
        success_url=basket.success_url,
        cancel_url=basket.cancel_url,
        subscription=_subscription(basket),
        expires_at=basket.expires_at,
        created_at=clock.now(),
    )


def _subscription(basket: Basket) -> dict[str, Any] | None:
    lines = [line for line in basket.lines if line.interval_months]
    if not lines:
        return None
    return {
        "amount": sum(line.amount for line in lines),
        "interval_months": lines[0].interval_months,
        "trial_days": lines[0].trial_days,
        "payments_count": lines[0].payments_count,
        "began_at": None,
        "ended_at": None,
    }


def payments_in(session: SandboxSession) -> Iterator[Money]:
    """Money that takes its time has come once its time is over."""
    for paid in session.payments:
        state, at = MoneyState(paid["state"]), datetime.fromisoformat(paid["at"])
        if state is MoneyState.PENDING and (due := datetime.fromisoformat(paid["due"])) <= clock.now():
            state, at = MoneyState.SUCCEEDED, due
        yield Money(paid["ref"], paid["amount"], paid["currency"], state, at, method="sandbox")


def _renewals(session: SandboxSession) -> Iterator[Money]:
    """A subscription is charged again by the calendar, until it has ended or all its payments were made."""
    plan = session.subscription
    if not plan or not plan["began_at"]:
        return
    first = datetime.fromisoformat(plan["began_at"]) + timedelta(days=plan["trial_days"])
    until = datetime.fromisoformat(plan["ended_at"]) if plan["ended_at"] else clock.now()
    number = 0 if plan["trial_days"] else 1
    while number < (plan["payments_count"] or number + 1):
        at = months_after(first, number * plan["interval_months"])
        if at > until:
            return
        yield Money(f"{session.ref}-r{number}", plan["amount"], session.currency, MoneyState.SUCCEEDED, at, "sandbox")
        number += 1


def session_of(ref: str) -> str:
    """The session that a payment or a subscription was made in."""
    return PREFIX + ref.removeprefix(PREFIX).rpartition("-")[0]
