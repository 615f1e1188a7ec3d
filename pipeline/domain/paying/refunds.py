"""Giving money back: asked for by a person, done by a worker under a key of its own, and told how it went.

A refund of a payment takes nothing else back: a deal that was won stays won.
"""

from dataclasses import dataclass
from secrets import token_urlsafe

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import events, outbox
from pipeline.domain.buying_facts import RefundAsked, RefundSettled
from pipeline.domain.paying import decisions
from pipeline.domain.paying.attempts import KEY_LASTS
from pipeline.domain.paying.holding import hold_payment
from pipeline.domain.paying.words import MoneyState, RefundSeen
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.outbox import Lane
from pipeline.models.payment import Payment, PaymentState, Provider, Refund, RefundState
from pipeline.models.user import User

TASK = "payments.refund"
LOOK = "payments.look_at_refund"
LONGEST = 500


@dataclass(frozen=True)
class Errand:
    """All that a provider needs to know of a refund. `session_ref` where a subscription that was begun goes as well."""

    provider: Provider
    payment_ref: str
    amount: int
    currency: str
    key: str
    session_ref: str | None = None


def ask(payment: Payment, amount: int, *, reason: str = "", by: User | None) -> Refund:
    """Promise to give back so much of one payment, in minor units of its currency; money paid by hand at once.

    Refuses more than is left of it, also when two ask at once, and whoever does not own the deal.
    """
    hold_payment(payment)
    db.session.expire(payment, ["refunds"])
    decisions.refuse_unless_decides(payment, by=by)
    if payment.state is not PaymentState.SUCCEEDED:
        raise RuleBroken("This money has not come, so there is nothing to give back.")
    if amount <= 0:
        raise RuleBroken("Say how much to give back.")
    if amount > payment.refundable:
        raise RuleBroken("That is more than is left of this payment; somebody may have given back some of it already.")
    refund = Refund(
        payment=payment,
        amount=amount,
        state=RefundState.WAITING,
        key=token_urlsafe(24),
        reason=" ".join(reason.split())[:LONGEST],
        by=by,
        created_at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    asked = RefundAsked(refund.id, payment.id, amount, payment.currency, refund.reason)
    events.record(asked, about=payment.opportunity, by=by)
    if payment.provider is Provider.OFFLINE:
        _become(refund, RefundState.DONE, by=by)
    else:
        _promise(refund)
    return refund


def retry(refund: Refund, *, by: User | None) -> None:
    """Ask the provider again. One that it refused is a new request; one of which nobody knows goes by its first key.

    Providers forget keys after a day: from then on a person looks there, and says what they saw (`declare`).
    """
    _hold(refund, by=by)
    if refund.state is RefundState.FAILED:
        if refund.amount > refund.payment.refundable:
            raise RuleBroken("That is more than is left of this payment.")
        refund.key = token_urlsafe(24)
        refund.created_at = clock.now()
    elif refund.state is not RefundState.UNKNOWN:
        raise RuleBroken("This refund is done already or just being done; look again in a moment.")
    elif clock.now() - refund.created_at > KEY_LASTS:
        raise RuleBroken("It was asked too long ago to ask again safely. Look at the provider, and say what you see.")
    refund.state, refund.error, refund.settled_at = RefundState.WAITING, None, None
    _promise(refund)


def declare(refund: Refund, *, done: bool, by: User | None) -> None:
    """A person looked at the provider and says whether a refund of which nobody knew was done."""
    _hold(refund, by=by)
    if refund.state is not RefundState.UNKNOWN:
        raise RuleBroken("It is known how this refund went.")
    _become(refund, RefundState.DONE if done else RefundState.FAILED, by=by, error="" if done else "it was not done")


def errand(refund_id: int) -> Errand | None:
    """What to ask the provider for; nothing once it is known how it went. Refuses what lay for too long to be safe."""
    refund = db.session.get(Refund, refund_id)
    if refund is None or refund.state is not RefundState.WAITING:
        return None
    if clock.now() - refund.created_at > KEY_LASTS:
        raise RuleBroken("it was not asked for a day; look at the provider whether it was done")
    payment = refund.payment
    is_unwanted = payment.awaits_decision and payment.refundable == 0 and payment.attempt is not None
    session_ref = payment.attempt.session_ref if is_unwanted and payment.attempt else None
    return Errand(payment.provider, payment.payment_ref, refund.amount, payment.currency, refund.key, session_ref)


def settle(refund_id: int, seen: RefundSeen | None, *, error: str = "") -> None:
    """How it went. Without an answer it may or may not have been done. What a provider took on and is still about, its
    bank takes days, counts as done."""
    refund = db.session.get_one(Refund, refund_id)
    _hold(refund, by=None)
    if refund.state not in {RefundState.WAITING, RefundState.UNKNOWN}:
        return
    if seen is not None:
        refund.refund_ref = seen.ref
    state = RefundState.UNKNOWN if seen is None else RefundState.DONE
    if seen is not None and seen.state is MoneyState.FAILED:
        state = RefundState.FAILED
    _become(refund, state, by=None, error=error or (seen.error if seen else None) or "")


def look_at(payment_id: int) -> int:
    """The provider called about money of this payment that went back: promise a look at each such refund."""
    gone = select(Refund.id).where(Refund.payment_id == payment_id, Refund.state == RefundState.DONE)
    ids = db.session.scalars(gone.where(Refund.refund_ref.is_not(None)).order_by(Refund.id)).all()
    for refund_id in ids:
        outbox.put(LOOK, lane=Lane.OUTSIDE, refund_id=refund_id)
    return len(ids)


def sent(refund_id: int) -> tuple[Provider, str] | None:
    """Who sent a refund on its way, and under which name; nothing for one that is not known to be."""
    refund = db.session.get(Refund, refund_id)
    if refund is None or refund.state is not RefundState.DONE or refund.refund_ref is None:
        return None
    return refund.payment.provider, refund.refund_ref


def see(refund_id: int, seen: RefundSeen) -> None:
    """How a refund stands that was done: the payer's bank may send the money back, and then it has failed after all."""
    refund = db.session.get_one(Refund, refund_id)
    _hold(refund, by=None)
    if refund.state is RefundState.DONE and seen.state is MoneyState.FAILED:
        _become(refund, RefundState.FAILED, by=None, error=seen.error or "the money came back")


def note(refund_id: int, error: str) -> None:
    """Say beside a refund that is asked for again and again why it takes so long."""
    refund = db.session.get_one(Refund, refund_id)
    if refund.state is RefundState.WAITING:
        refund.error = error[:LONGEST]


def refuse(refund_id: int, error: str) -> None:
    """The provider said no: nothing was given back."""
    refund = db.session.get_one(Refund, refund_id)
    _hold(refund, by=None)
    if refund.state in {RefundState.WAITING, RefundState.UNKNOWN}:
        _become(refund, RefundState.FAILED, by=None, error=error)


def _become(refund: Refund, state: RefundState, *, by: User | None, error: str = "") -> None:
    was = refund.state
    refund.state, refund.error = state, error[:LONGEST] or None
    refund.settled_at = clock.now()
    payment = refund.payment
    if state is RefundState.DONE and payment.awaits_decision and payment.refundable == 0:
        decisions.decide(payment, by=refund.by)
    if was is not state:
        settled = RefundSettled(refund.id, payment.id, refund.amount, payment.currency, state, error)
        events.record(settled, about=payment.opportunity, by=by, via=Via.API if by is None else Via.SCREEN)


def _hold(refund: Refund, *, by: User | None) -> None:
    hold_payment(refund.payment)
    db.session.refresh(refund)
    db.session.expire(refund.payment, ["refunds"])
    decisions.refuse_unless_decides(refund.payment, by=by)


def _promise(refund: Refund) -> None:
    outbox.put(TASK, lane=Lane.OUTSIDE, refund_id=refund.id)
