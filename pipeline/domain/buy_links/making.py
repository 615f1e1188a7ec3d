"""Making links, putting drafts in front of people, and giving them more time."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from types import EllipsisType

from pipeline import clock
from pipeline.domain import access, events, holding, outbox
from pipeline.domain.buy_links.ending import EXPIRE, leave
from pipeline.domain.buy_links.finding import hash_of, hold, open_of
from pipeline.domain.buy_links.offering import (
    fill,
    offered,
    offers,
    refuse_moment,
    refuse_unless_on_offer,
    refuse_words,
)
from pipeline.domain.buying_facts import BuyLinkExtended, BuyLinkMade, BuyLinkSuperseded
from pipeline.domain.rules import Conflict, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.skin import Skin
from pipeline.models.user import User

BYTES = 24


def make(
    opportunity: Opportunity,
    *,
    by: User | None,
    expires_at: datetime | None = None,
    skin: Skin | None = None,
    message: str = "",
    seen_id: int | EllipsisType | None = ...,
    via: Via = Via.RECORD,
    because: Event | None = None,
) -> BuyLink:
    """Offer the deal's lines as they stand, at once, until `expires_at`; by default for the pipeline's days.

    A link that is active is superseded by it; a draft becomes it. Refuses a deal that is closed or has nothing to
    sell. Who says which open link they saw (`seen_id`, or None) is refused when somebody made another meanwhile.
    """
    holding.hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    lines, message = offered(opportunity), message.strip()
    refuse_unless_on_offer(opportunity, lines)
    standing = open_of(opportunity)
    if seen_id is not ...:
        _refuse_if_another(standing, seen_id, opportunity)
    expires_at = expires_at or default_expiry(opportunity.pipeline)
    refuse_moment(expires_at)
    refuse_words(message, skin)
    is_draft = standing is not None and standing.state is LinkState.DRAFT
    link = standing if standing and is_draft else begun(opportunity, by=by)
    link.expires_at, link.skin, link.message = expires_at, skin, message
    fill(link, lines)
    if standing and not is_draft:
        take_place(link, of=standing, by=by, via=via)
    _go_live(link, by=by, via=via, because=because)
    return link


def publish(draft: BuyLink, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Let prospects buy what a draft offers: asked by a rep, or by a prospect at the address that it took over.

    Publishing twice changes nothing. One whose time has passed is given the pipeline's days again, but only by a rep.
    """
    hold(draft)
    access.refuse_unless_editable(draft.opportunity, by=by)
    if draft.state is LinkState.ACTIVE:
        return
    if draft.state is not LinkState.DRAFT:
        raise RuleBroken(f"This link is {draft.state}, and can not be published; make a fresh one.")
    refuse_unless_on_offer(draft.opportunity, draft.lines)
    if draft.expires_at <= clock.now():
        if by is None:
            raise RuleBroken("This offer has expired. Ask for a fresh link.")
        draft.expires_at = default_expiry(draft.opportunity.pipeline)
    _go_live(draft, by=by, via=via)


def extend(link: BuyLink, expires_at: datetime, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Let it be good until another moment; one that has expired comes back, if nothing took its place meanwhile.

    Refuses a moment that is not to come, a link that ended otherwise, and one whose lines are not the deal's any more.
    """
    hold(link)
    access.refuse_unless_editable(link.opportunity, by=by)
    if link.state is not LinkState.EXPIRED and not link.state.is_open:
        raise RuleBroken(f"This link is {link.state} and can not be extended; make a fresh one.")
    refuse_unless_on_offer(link.opportunity, link.lines)
    refuse_moment(expires_at)
    before = link.expires_at
    if before == expires_at:
        return
    if link.state is LinkState.EXPIRED:
        _bring_back(link)
    link.expires_at = expires_at
    link.version += 1
    outbox.put(EXPIRE, due_at=expires_at)
    fact = BuyLinkExtended(link_id=link.id, before=before.isoformat(), after=expires_at.isoformat())
    events.record(fact, about=link.opportunity, by=by, via=via)


def default_expiry(pipeline: Pipeline) -> datetime:
    """When a link expires that is made now, unless somebody says otherwise: to the minute."""
    return (clock.now() + timedelta(days=pipeline.buy_link_days)).replace(second=0, microsecond=0)


def begun(opportunity: Opportunity, *, by: User | None) -> BuyLink:
    """A draft with a token of its own that nobody knows yet."""
    token = token_urlsafe(BYTES)
    return BuyLink(
        opportunity=opportunity,
        state=LinkState.DRAFT,
        token=token,
        token_hash=hash_of(token),
        currency=opportunity.currency,
        created_by=by,
        clicks=0,
        version=1,
        created_at=clock.now(),
    )


def take_place(link: BuyLink, *, of: BuyLink, by: User | None, via: Via) -> None:
    """Put a draft in the place of the one that is active."""
    leave(of, LinkState.SUPERSEDED)
    db.session.add(link)
    db.session.flush()
    of.successor = link
    fact = BuyLinkSuperseded(
        link_id=of.id, successor_id=link.id, before=of.total, after=link.total, currency=link.currency
    )
    events.record(fact, about=link.opportunity, by=by, via=via)


def _go_live(link: BuyLink, *, by: User | None, via: Via, because: Event | None = None) -> None:
    link.state = LinkState.ACTIVE
    link.published_at = clock.now()
    link.version += 1
    db.session.add(link)
    db.session.flush()
    outbox.put(EXPIRE, due_at=link.expires_at)
    fact = BuyLinkMade(
        link_id=link.id, total=link.total, currency=link.currency, expires_at=link.expires_at.isoformat()
    )
    events.record(fact, about=link.opportunity, by=by, via=via, because=because)


def _bring_back(link: BuyLink) -> None:
    if open_of(link.opportunity) is not None:
        raise RuleBroken("There is a newer link for this deal; extend that one.")
    if not offers(link, offered(link.opportunity)):
        raise RuleBroken("The products changed since this link was made, so make a fresh one instead.")
    link.state = LinkState.ACTIVE if link.published_at else LinkState.DRAFT
    link.ended_at = None


def _refuse_if_another(standing: BuyLink | None, seen_id: int | None, opportunity: Opportunity) -> None:
    if (standing.id if standing else None) == seen_id:
        return
    if standing is None:
        raise Conflict("The link was ended meanwhile. Look at it and try again.", opportunity)
    who = standing.created_by.name if standing.created_by else "Someone else"
    raise Conflict(f"{who} made a buy-now link meanwhile. Look at it first.", opportunity, standing.created_at)
