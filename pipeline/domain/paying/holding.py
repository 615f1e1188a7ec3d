"""Taking money in hand: all that it touches, locked in the one order that everybody keeps."""

from pipeline.domain.holding import hold_place
from pipeline.extensions import db
from pipeline.models.base import Numbered
from pipeline.models.buy_link import BuyLink
from pipeline.models.payment import CheckoutAttempt, Payment


def hold_attempt(attempt: CheckoutAttempt) -> None:
    """Place, deal, link, attempt. A deleted deal is held as well: money that comes for it is not refused."""
    hold_link(attempt.link)
    _lock(attempt)


def hold_link(link: BuyLink) -> None:
    db.session.flush()
    hold_place(link.opportunity.stage)
    _lock(link.opportunity)
    _lock(link)


def hold_payment(payment: Payment) -> None:
    """The same way down to one payment; money recorded by hand has no link and no attempt."""
    if payment.attempt is not None:
        hold_attempt(payment.attempt)
    else:
        db.session.flush()
        hold_place(payment.opportunity.stage)
        _lock(payment.opportunity)
    _lock(payment)


def _lock(row: Numbered) -> None:
    db.session.refresh(row, with_for_update={"of": type(row)})
