"""The one transition: this offer was bought by this payment. Receipt and *purchased* hang on it, so it happens once."""

from pipeline.domain import buy_links, events, moves, orders
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import renewals
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from pipeline.models.payment import Payment
from pipeline.models.pipeline import Outcome, Pipeline


def win(link: BuyLink, payment: Payment, *, subscription_ref: str | None = None) -> Order:
    """Place the order, end the link as purchased, win the deal if it is not won yet, and say so.

    The caller holds all three, and has seen that there is no order of this link. Refuses what the house forbids, such
    as a deal in an archived pipeline: then nothing of it has happened.
    """
    opportunity = link.opportunity
    if opportunity.deleted_at is not None:
        raise RuleBroken("The deal was deleted; restore it first.")
    order = orders.place_for(link, subscription_ref=subscription_ref)
    attach(payment, order)
    if order.subscription_ref:
        renewals.watch(order)
    buy_links.mark_purchased(link)
    if opportunity.status is not Status.WON:
        answers = Answers(reason_id=_reason_id(opportunity.pipeline))
        moves.set_status(opportunity, Status.WON, by=None, via=Via.PURCHASE, answers=answers)
    fact = OpportunityPurchased(
        link_id=link.id,
        order_id=order.id,
        number=order.number,
        payment_id=payment.id,
        total=order.total,
        currency=order.currency,
    )
    events.record(fact, about=opportunity, by=None, via=Via.PURCHASE)
    return order


def attach(payment: Payment, order: Order) -> None:
    """Count the payment among those of the order."""
    payment.order_id = order.id
    db.session.flush()
    db.session.expire(order, ["payments"])


def _reason_id(pipeline: Pipeline) -> int | None:
    """The reason for which a purchase wins, if it is still on offer."""
    offered = {reason.id for reason in pipeline.reasons(Outcome.WON)}
    return pipeline.buy_reason_id if pipeline.buy_reason_id in offered else None
