"""Money that came or is coming for an offer that was not bought by it: whoever paid should not pay again meanwhile."""

from enum import StrEnum

from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.payment import Payment, PaymentFlag, PaymentState


class Coming(StrEnum):
    """`announced`: by a method that takes days. `undecided`: it came late or not as asked, and somebody looks at it."""

    ANNOUNCED = "announced"
    UNDECIDED = "undecided"


WORDS = {
    Coming.ANNOUNCED: "A payment for this offer is on its way.",
    Coming.UNDECIDED: "A payment for this offer has arrived, and somebody looks at it.",
}


def of(link: BuyLink) -> Coming | None:
    """What has come or was announced for an offer, if anything waits."""
    waiting = select(Payment.state).where(
        Payment.link_id == link.id,
        (Payment.state == PaymentState.PENDING)
        | (
            (Payment.state == PaymentState.SUCCEEDED)
            & (Payment.flag != PaymentFlag.NORMAL)
            & Payment.decided_at.is_(None)
        ),
    )
    states = set(db.session.scalars(waiting))
    if PaymentState.PENDING in states:
        return Coming.ANNOUNCED
    return Coming.UNDECIDED if states else None
