"""What prospects say on an offer's page: a question, or that they want a fresh link. Both reach who sells."""

from datetime import timedelta

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import activities, buy_links, contacts, events
from pipeline.domain.buying_facts import FreshLinkWanted, QuestionAsked
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind
from pipeline.models.buy_link import BuyLink, LinkQuestion
from pipeline.models.event import Event
from pipeline.models.user import User

LONGEST = 2000
A_DAY = timedelta(days=1)


def ask(link: BuyLink, text: str, email: str | None = None) -> LinkQuestion:
    """Write a question down; `email` is where the answer is wanted, if not at the contact's address.

    Whatever became of the offer, one may ask about it. Refuses an empty question, and one about a deal that is gone.
    """
    buy_links.hold(link)
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise RuleBroken(f"Write your question, in at most {LONGEST} letters.")
    _refuse_if_gone(link)
    question = LinkQuestion(
        link=link,
        opportunity_id=link.opportunity_id,
        text=text,
        email=contacts.normalised_email(email) or None,
        asked_at=clock.now(),
    )
    db.session.add(question)
    db.session.flush()
    fact = QuestionAsked(link_id=link.id, question_id=question.id, text=text)
    events.record(fact, about=link.opportunity, by=None, via=Via.PURCHASE)
    return question


def want_fresh(link: BuyLink) -> bool:
    """Put a task on the seller's list, due today: to send a fresh link. Once a day a link; says whether it did now.

    Refuses while the offer can still be bought, once it was, and when the deal is gone.
    """
    buy_links.hold(link)
    _refuse_if_gone(link)
    if buy_links.why_not_good(link, clock.now()) in {None, buy_links.WhyNot.PURCHASED}:
        raise RuleBroken("This offer needs no fresh link. Go back to it.")
    if _was_wanted_lately(link):
        return False
    seller = seller_of(link)
    if seller is not None:
        activities.plan(
            link.opportunity,
            f"Send {link.opportunity.contact.name} a fresh buy-now link",
            by=None,
            kind=ActivityKind.TODO,
            assignee=seller,
            due_on=clock.today(seller),
            via=Via.PURCHASE,
        )
    fact = FreshLinkWanted(link_id=link.id, state=link.state)
    events.record(fact, about=link.opportunity, by=None, via=Via.PURCHASE)
    return True


def seller_of(link: BuyLink) -> User | None:
    """Who answers for an offer: the deal's owner, else whoever made the link, if they can still sign in."""
    candidates = (link.opportunity.owner, link.created_by)
    return next((person for person in candidates if person is not None and person.is_active), None)


def _was_wanted_lately(link: BuyLink) -> bool:
    asked = db.session.scalars(
        select(Event).where(
            Event.opportunity_id == link.opportunity_id,
            Event.kind == FreshLinkWanted.kind(),
            Event.happened_at > clock.now() - A_DAY,
        )
    )
    return any(event.particulars["link_id"] == link.id for event in asked)


def _refuse_if_gone(link: BuyLink) -> None:
    if link.opportunity.deleted_at is not None:
        raise RuleBroken("This offer is gone. Please write to who sent it to you.")
