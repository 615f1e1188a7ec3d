"""Providers' calls: each written down once by its number, with the promise to look where it points."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pipeline import clock
from pipeline.domain import outbox
from pipeline.domain.paying import refunds, renewals
from pipeline.domain.paying.attempts import LOOK
from pipeline.domain.paying.words import Notice
from pipeline.extensions import db
from pipeline.models.outbox import Lane
from pipeline.models.payment import CheckoutAttempt, Payment, Provider, ProviderEvent


def hear(notice: Notice, provider: Provider, *, is_test: bool) -> bool:
    """Take in a call whose signature was verified; says whether it is news. Twice, or at once, it is taken in once.

    It is only a reason to look: what became of the money is fetched from the provider. One of another account or of the
    other mode is written down, and nothing follows from it.
    """
    event = ProviderEvent(
        provider=provider,
        event_ref=notice.event_ref,
        kind=notice.kind[:80],
        session_ref=notice.session_ref,
        received_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(event)
    except IntegrityError:
        return False
    if notice.account is not None:
        event.outcome = f"ignored: of the account {notice.account}"[:200]
    elif notice.is_test is not is_test:
        event.outcome = "ignored: a test on a live account" if notice.is_test else "ignored: live, in test mode"
    else:
        event.outcome = _promised(notice, provider)
    return True


def _promised(notice: Notice, provider: Provider) -> str:
    if notice.payment_ref and (payment_id := _payment_id(notice.payment_ref, provider)):
        return f"looked at {refunds.look_at(payment_id)} refunds of payment {payment_id}"
    attempt_id = _attempt_id(notice, provider)
    if attempt_id is not None:
        outbox.put(LOOK, lane=Lane.OUTSIDE, attempt_id=attempt_id)
        return f"looked at attempt {attempt_id}"
    if notice.subscription_ref and (order := renewals.order_of(notice.subscription_ref)):
        renewals.look_now(order)
        return f"looked at the subscription of order {order.number}"
    return "about nothing that is known here"


def _attempt_id(notice: Notice, provider: Provider) -> int | None:
    if notice.session_ref:
        return db.session.scalar(
            select(CheckoutAttempt.id).where(
                CheckoutAttempt.provider == provider, CheckoutAttempt.session_ref == notice.session_ref
            )
        )
    if notice.reference:
        return db.session.scalar(
            select(CheckoutAttempt.id).where(
                CheckoutAttempt.provider == provider, CheckoutAttempt.key == notice.reference
            )
        )
    return None


def _payment_id(payment_ref: str, provider: Provider) -> int | None:
    """Money that went back, or did not: the session that it came in tells nothing of it."""
    return db.session.scalar(select(Payment.id).where(Payment.provider == provider, Payment.payment_ref == payment_ref))
