"""What a person decides about money that came late, twice, or not as asked: it counts, or it goes back."""

from pipeline import clock
from pipeline.domain import access, events
from pipeline.domain.buying_facts import PaymentAccepted
from pipeline.domain.paying import attempts, flags, winning
from pipeline.domain.paying.holding import hold_payment
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.payment import Payment
from pipeline.models.user import User


def accept(payment: Payment, *, by: User | None) -> None:
    """Let it count: the order is placed and the deal won as by any purchase, unless the offer was bought already.

    What is not the amount that was asked leaves the order a balance; a second payment leaves it overpaid. Refuses what
    has been decided or given back, and whoever does not own the deal. Accepting twice changes nothing.
    """
    hold_payment(payment)
    refuse_unless_decides(payment, by=by)
    if not payment.flag.needs_a_person or (payment.decided_at is not None and not payment.refunded):
        return
    if not payment.awaits_decision or (payment.amount and not payment.refundable):
        raise RuleBroken("It was given back or has not come; there is nothing to accept.")
    if (link := payment.link) is not None:
        order = flags.order_of(link)
        if order is not None:
            winning.attach(payment, order)
        else:
            winning.win(link, payment)
    decide(payment, by=by)
    if payment.attempt is not None:
        attempts.promise_look(payment.attempt)
    fact = PaymentAccepted(payment.id, payment.amount, payment.currency)
    events.record(fact, about=payment.opportunity, by=by)


def decide(payment: Payment, *, by: User | None) -> None:
    """Nobody needs to be asked about it any more."""
    payment.decided_at = clock.now()
    payment.decided_by_id = by.id if by else None


def refuse_unless_decides(payment: Payment, *, by: User | None) -> None:
    """Who owns the deal, manages its owner's team or administers decides about its money, also when it is closed."""
    if by is None:
        return
    if not access.may_see(by, payment.opportunity):
        raise NotVisible("payment")
    if not access.may_hand_over(by, payment.opportunity):
        raise NotAllowed("Only the deal's owner or an admin decides about its money.")


def of(payment_id: int, *, to: User) -> Payment:
    """The payment, if this person may see its deal; else there is none."""
    payment = db.session.get(Payment, payment_id)
    if payment is None or not access.may_see(to, payment.opportunity):
        raise NotVisible("payment")
    return payment
