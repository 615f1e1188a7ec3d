"""What a payment is to its offer. Only one that is normal wins by itself; every other waits for a person."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from pipeline.domain.paying import baskets
from pipeline.domain.paying.words import Session
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from pipeline.models.payment import CheckoutAttempt, Payment, PaymentFlag

NO_SALE = {Status.LOST, Status.ABANDONED}
OVER = {
    LinkState.DRAFT: "the offer was not out",
    LinkState.REVOKED: "the offer had been withdrawn",
    LinkState.SUPERSEDED: "the offer had been replaced by a newer one",
}


class Verdict(NamedTuple):
    """`why` is for the person who decides, in half a sentence."""

    flag: PaymentFlag
    why: str = ""


def judge(payment: Payment, attempt: CheckoutAttempt, session: Session, *, paid_at: datetime) -> Verdict:
    """What to make of money that has come. It was paid at `paid_at` by the provider's time, or announced then.

    Money paid before the link's expiry is in time, however late it is heard of. That the link was withdrawn or replaced
    or the deal lost makes it late in any case: a person should look.
    """
    link = attempt.link
    if why := _why_not_as_asked(payment, attempt, session):
        return Verdict(PaymentFlag.MISMATCH, why)
    if order_of(link) is not None:
        return Verdict(PaymentFlag.DOUBLE, "the offer had been paid already")
    if why := _why_late(link, paid_at):
        return Verdict(PaymentFlag.LATE, why)
    return Verdict(PaymentFlag.NORMAL)


def order_of(link: BuyLink) -> Order | None:
    """The order that was placed through the link, if it was bought."""
    return db.session.scalar(select(Order).where(Order.link_id == link.id))


def _why_not_as_asked(payment: Payment, attempt: CheckoutAttempt, session: Session) -> str:
    if session.is_test is not attempt.is_test:
        return "it is test money" if session.is_test else "it is real money in a test"
    if session.ref != attempt.session_ref or session.reference != attempt.key:
        return "it was paid in a session that is not ours"
    if payment.currency != attempt.currency:
        return f"it came in {payment.currency} instead of {attempt.currency}"
    if payment.amount != attempt.amount or attempt.amount != baskets.due_now(attempt.link):
        return "it is not the amount that was asked"
    return ""


def _why_late(link: BuyLink, paid_at: datetime) -> str:
    if link.opportunity.deleted_at is not None:
        return "the deal had been deleted"
    if link.opportunity.status in NO_SALE:
        return f"the deal was {link.opportunity.status}"
    return OVER.get(link.state, "") or ("the offer had expired" if paid_at >= link.expires_at else "")
