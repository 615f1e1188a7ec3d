"""Receipts: one mail an order, when it was bought or first paid in full; and again when a person asks for it."""

from secrets import token_urlsafe

from sqlalchemy import select

from pipeline.domain import access, addresses, buy_links, events, mails
from pipeline.domain.buying_facts import OpportunityPurchased, PaymentReceived, ReceiptNotSent
from pipeline.domain.facts import MailWritten
from pipeline.domain.receipt_texts import Words
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.mail import Mail
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import Payment, Provider
from pipeline.models.user import User

PAID = {OrderState.PAID, OrderState.OVERPAID}
NO_ADDRESS = "the buyer has no mail address"


def follow(event: Event) -> None:
    """Mail the receipt of what was just bought, or of an order that was just paid in full by hand. Once an order."""
    order = _order_of(event)
    if order is None:
        return
    if not _address_of(order):
        _say_that_none_went(order)
        return
    _write(order, purpose=f"receipt:{order.id}")


def send_again(order: Order, *, by: User) -> Mail:
    """Mail it as it stands now, to the address that the contact has now."""
    access.refuse_unless_editable(order.opportunity, by=by)
    if not _address_of(order):
        raise RuleBroken(f"{order.contact.name} has no mail address yet; add one to the contact.")
    mail = _write(order, purpose=f"receipt:{order.id}:{token_urlsafe(8)}")
    fact = MailWritten(mail_id=mail.id, to=mail.to_address, subject=mail.subject, text=mail.text)
    events.record(fact, about=mail, by=by)
    return mail


def address_of(order: Order) -> str:
    """Where the buyer finds the receipt: beside the offer that was bought, else at an address of its own."""
    if order.link is not None:
        return f"{buy_links.address(order.link)}/receipt"
    return addresses.absolute(f"/buy/orders/{order.token}")


def _order_of(event: Event) -> Order | None:
    match events.fact_of(event):
        case OpportunityPurchased(order_id=order_id):
            return db.session.get(Order, order_id)
        case PaymentReceived(payment_id=payment_id, provider=Provider.OFFLINE):
            payment = db.session.get_one(Payment, payment_id)
            order = db.session.get(Order, payment.order_id) if payment.order_id else None
            return order if order is not None and order.state in PAID else None
    return None


def _write(order: Order, *, purpose: str) -> Mail:
    words, owner = Words(order, address_of(order)), order.opportunity.owner
    return mails.write(
        purpose=purpose,
        to_address=_address_of(order),
        to_name=order.contact.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        opportunity=order.opportunity,
        contact=order.contact,
        reply_to=owner.email if owner else None,
    )


def _address_of(order: Order) -> str:
    return order.contact.email or order.buyer_email


def _say_that_none_went(order: Order) -> None:
    said = select(Event.id).where(Event.kind == ReceiptNotSent.kind(), Event.subject == f"order:{order.id}")
    if db.session.scalar(said.limit(1)) is None:
        events.record(ReceiptNotSent(order.id, order.number, NO_ADDRESS), about=order, by=None, via=Via.SYSTEM)
