"""Telling a deal's owner what came of its offer: a question, a wish for a fresh link, or that its time has passed."""

from babel.numbers import format_currency

from pipeline.domain import events, money, notifications
from pipeline.domain.buying_facts import BuyLinkExpired, FreshLinkWanted, QuestionAsked
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

PRESSING = (QuestionAsked, FreshLinkWanted)
"""Somebody waits for an answer, so these come by mail too."""


def tell_owner(event: Event) -> None:
    """Tell the owner, once. Of an expired offer only while the deal is open: after that nobody needs another."""
    opportunity = notifications.opportunity_of(event)
    if opportunity is None or (owner := opportunity.owner) is None or not owner.is_active:
        return
    if words := _words(event, opportunity, owner):
        pressing = isinstance(events.fact_of(event), PRESSING)
        notifications.tell(owner, words, purpose=f"event:{event.id}", opportunity=opportunity, by_mail=pressing)


def _words(event: Event, opportunity: Opportunity, owner: User) -> str | None:
    title, buyer = opportunity.title, opportunity.contact.name
    match fact := events.fact_of(event):
        case QuestionAsked():
            return f"{buyer} asked about the offer for {title}: {notifications.quoted(fact.text)}"
        case FreshLinkWanted():
            return f"{buyer} asks for a fresh buy-now link for {title}."
        case BuyLinkExpired() if opportunity.is_open:
            amount = format_currency(
                money.decimal(fact.total, fact.currency), fact.currency, locale=owner.locale.replace("-", "_")
            )
            return f"The buy-now link of {title} over {amount} expired. Extend it, or make a fresh one."
        case _:
            return None
