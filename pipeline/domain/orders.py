"""Orders: what was sold, once through a link or by a user's hand, under a number of which none is ever missing."""

from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import access, events, pricing, snapshots
from pipeline.domain.buying_facts import OrderPlaced
from pipeline.domain.holding import hold
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order, OrderLine
from pipeline.models.payment import Payment
from pipeline.models.user import User

FIRST_NUMBER = 1001
LONGEST_NOTE = 2_000
_TAKE = text(
    "INSERT INTO order_counter (id, last) VALUES (1, :first)"
    " ON CONFLICT (id) DO UPDATE SET last = order_counter.last + 1 RETURNING last"
)


def next_number() -> int:
    """The number after the last. Others wait for theirs until this transaction is over; undone, it is given again."""
    return int(db.session.scalar(_TAKE, {"first": FIRST_NUMBER}) or 0)


def place_for(link: BuyLink, *, subscription_ref: str | None = None) -> Order:
    """The order of what a link offered, at the prices it offered: at most one a link, however often it is asked for.

    The caller holds the deal and the link.
    """
    placed = db.session.scalar(select(Order).where(Order.link_id == link.id))
    if placed is not None:
        return placed
    lines = [OrderLine(**snapshots.again(line)) for line in link.lines]
    order = _placed(link.opportunity, lines, currency=link.currency, link=link, subscription_ref=subscription_ref)
    _tell(order, by=None, via=Via.PURCHASE)
    return order


def place_by_hand(opportunity: Opportunity, *, by: User | None, note: str = "") -> Order:
    """An order of the deal's lines as they stand, to be paid by invoice, cheque or transfer. It wins nothing by itself.

    Refuses a deal without lines, whoever may not change it, and a note of more than 2,000 letters.
    """
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    lines = draft(opportunity)
    if not lines:
        raise RuleBroken("There is nothing to order yet: put products on the deal first.")
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(f"A note on an order has at most {LONGEST_NOTE:,} letters.")
    order = _placed(opportunity, lines, currency=opportunity.currency, note=note, placed_by=by)
    _tell(order, by=by, via=Via.SCREEN)
    return order


def draft(opportunity: Opportunity) -> list[OrderLine]:
    """The lines that an order of the deal would have now."""
    lines = db.session.scalars(
        select(OpportunityLine)
        .where(OpportunityLine.opportunity_id == opportunity.id)
        .order_by(OpportunityLine.position, OpportunityLine.id)
        .options(joinedload(OpportunityLine.product))
    )
    return [OrderLine(**snapshots.of(line)) for line in lines]


def found(number: int, *, to: User) -> Order:
    """The order of that number, if the person may see its deal, be that deleted or not; else there is none."""
    order = db.session.scalar(
        select(Order).join(Order.opportunity).where(Order.number == number, access.visible_opportunities(to))
    )
    if order is None:
        raise NotVisible("order")
    return order


def of_payment(payment: Payment) -> Order | None:
    """What a payment was for, unless it came where there was nothing to pay."""
    return db.session.get(Order, payment.order_id) if payment.order_id else None


def _placed(opportunity: Opportunity, lines: list[OrderLine], *, currency: str, note: str = "", **known: Any) -> Order:
    price = pricing.total(lines)
    contact = opportunity.contact
    order = Order(
        number=next_number(),
        opportunity=opportunity,
        contact=contact,
        token=token_urlsafe(24),
        buyer_name=", ".join(dict.fromkeys(filter(None, (contact.name, contact.company_name))))[:200],
        buyer_email=contact.email or "",
        currency=currency,
        net=price.net,
        tax=price.tax,
        note=note,
        placed_at=clock.now(),
        lines=lines,
        **known,
    )
    db.session.add(order)
    db.session.flush()
    return order


def _tell(order: Order, *, by: User | None, via: Via) -> None:
    fact = OrderPlaced(order_id=order.id, number=order.number, total=order.total, currency=order.currency)
    events.record(fact, about=order, by=by, via=via)
