"""Whom money concerns: the owner hears of a purchase; what needs a decision is told to the admins as well, by mail."""

from babel import Locale
from sqlalchemy import select

from pipeline.domain import access, events, notifications
from pipeline.domain.buying_facts import OpportunityPurchased, PaymentReceived, RefundSettled
from pipeline.domain.money import typed
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.payment import Payment, PaymentFlag, RefundState
from pipeline.models.user import Group, GroupKind, Membership, User

WORDS = {
    PaymentFlag.LATE: "{amount} came for {deal}, but {why}. Accept it or give it back.",
    PaymentFlag.DOUBLE: "{deal} was paid twice: {amount} more than it costs. Give it back or keep it.",
    PaymentFlag.MISMATCH: "{amount} came for {deal}, but {why}. Look at it: nothing was won by it.",
}

REFUNDS = {
    RefundState.FAILED: "could not be given back",
    RefundState.UNKNOWN: "may or may not have been given back; look at the provider",
}


def tell_received(event: Event) -> None:
    """Tell who decides about money that nothing follows from by itself."""
    fact = events.fact_of(event)
    payment = db.session.get(Payment, fact.payment_id) if isinstance(fact, PaymentReceived) else None
    if payment is None or not payment.awaits_decision:
        return
    deal = payment.opportunity
    for person in _deciders(deal):
        amount = _money(payment.amount, payment.currency, person)
        words = WORDS[payment.flag].format(amount=amount, deal=deal.title, why=payment.remark.rstrip("."))
        about = deal if deal.deleted_at is None else None
        notifications.tell(person, words, purpose=f"payment:{payment.id}", opportunity=about, by_mail=True)


def tell_refund(event: Event) -> None:
    """Tell who decides that money did not go back, or that nobody knows whether it did."""
    fact = events.fact_of(event)
    payment = db.session.get(Payment, fact.payment_id) if isinstance(fact, RefundSettled) else None
    if payment is None or not isinstance(fact, RefundSettled) or fact.state == RefundState.DONE:
        return
    deal = payment.opportunity
    for person in _deciders(deal):
        amount, why = _money(fact.amount, fact.currency, person), fact.error.rstrip(".")
        words = f"{amount} of {deal.title} {REFUNDS[RefundState(fact.state)]}{f': {why}' if why else ''}."
        about = deal if deal.deleted_at is None else None
        notifications.tell(person, words, purpose=f"event:{event.id}", opportunity=about, by_mail=True)


def tell_purchased(event: Event) -> None:
    """Tell the owner that a prospect bought."""
    fact, deal = events.fact_of(event), notifications.opportunity_of(event)
    if not isinstance(fact, OpportunityPurchased) or deal is None or deal.owner is None or not deal.owner.is_active:
        return
    words = f"{deal.title} was bought for {_money(fact.total, fact.currency, deal.owner)}, order {fact.number}."
    notifications.tell(deal.owner, words, purpose=f"event:{event.id}", opportunity=deal)


def _money(minor: int, currency: str, reader: User) -> str:
    return f"{typed(minor, currency, Locale.parse(reader.locale, sep='_'))} {currency}"


def _deciders(deal: Opportunity) -> list[User]:
    admins = db.session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.kind == GroupKind.ADMINISTRATORS)
    )
    people = {person.id: person for person in [*admins, *([deal.owner] if deal.owner else [])]}
    return [person for person in people.values() if person.is_active and access.may_see(person, deal)]
