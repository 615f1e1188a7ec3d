"""How links end: expired on time, revoked, superseded or purchased. Who is just paying by one is stopped.

A promise is due at each link's expiry, and a sweep every minute catches what was missed. Either expires all that is
due, some tens in a transaction.
"""

from collections.abc import Sequence

from sqlalchemy import select, update

from pipeline import clock
from pipeline.domain import access, events, outbox
from pipeline.domain.buy_links.finding import OPEN, hold
from pipeline.domain.buying_facts import BuyLinkExpired, BuyLinkRevoked
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import Lane
from pipeline.models.payment import AttemptState, CheckoutAttempt
from pipeline.models.user import User

EXPIRE = "buy_links.expire_due"
END_SESSIONS = "payments.end_sessions"
AT_ONCE = 50
UNDER_WAY = tuple(state for state in AttemptState if not state.is_over)


def revoke(link: BuyLink, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Take the offer back; its address says so. Revoking twice changes nothing. Refuses what has ended otherwise."""
    hold(link)
    access.refuse_unless_editable(link.opportunity, by=by)
    if link.state is LinkState.REVOKED:
        return
    if not link.state.is_open:
        raise RuleBroken(f"This link is {link.state} already; there is nothing to revoke.")
    leave(link, LinkState.REVOKED)
    events.record(BuyLinkRevoked(link_id=link.id), about=link.opportunity, by=by, via=via)


def expire(link: BuyLink) -> bool:
    """Let it expire, if its time has come and nothing else ended it. Says whether it did."""
    hold(link)
    if not link.state.is_open or clock.now() < link.expires_at:
        return False
    leave(link, LinkState.EXPIRED)
    _tell(link, link.opportunity)
    return True


def expire_due(limit: int = AT_ONCE) -> list[int]:
    """Let up to so many links expire whose time has come, each once, however many do this at once. Says which."""
    present = clock.now()
    is_due = (BuyLink.state.in_(OPEN), BuyLink.expires_at <= present)
    due = db.session.execute(
        select(BuyLink.id, BuyLink.opportunity_id).where(*is_due).order_by(BuyLink.expires_at, BuyLink.id).limit(limit)
    ).all()
    if not due:
        return []
    deals = _held([row.opportunity_id for row in due])
    expired = db.session.scalars(
        update(BuyLink)
        .where(BuyLink.id.in_([row.id for row in due]), *is_due)
        .values(state=LinkState.EXPIRED, ended_at=present, version=BuyLink.version + 1)
        .returning(BuyLink)
        .execution_options(populate_existing=True, synchronize_session=False)
    ).all()
    _end_sessions([link.id for link in expired])
    for link in sorted(expired, key=lambda link: link.id):
        _tell(link, deals[link.opportunity_id])
    return sorted(link.id for link in expired)


def mark_purchased(link: BuyLink) -> bool:
    """It was bought, from whatever state; the deal's other open link then is in nobody's way. Says if it is news."""
    hold(link)
    if link.state is LinkState.PURCHASED:
        return False
    leave(link, LinkState.PURCHASED)
    db.session.flush()
    others = select(BuyLink).where(BuyLink.opportunity_id == link.opportunity_id, BuyLink.state.in_(OPEN))
    for other in db.session.scalars(others.with_for_update()):
        leave(other, LinkState.SUPERSEDED, successor=link)
    return True


def leave(link: BuyLink, state: LinkState, *, successor: BuyLink | None = None) -> None:
    """Bring a link to one of the ends, and stop who is paying by it."""
    link.state = state
    link.successor = successor
    link.ended_at = clock.now()
    link.version += 1
    _end_sessions([link.id])


def _end_sessions(link_ids: Sequence[int]) -> None:
    """Promise that what was begun at a payment provider is ended there."""
    attempts = select(CheckoutAttempt.link_id).distinct()
    begun = attempts.where(CheckoutAttempt.link_id.in_(link_ids), CheckoutAttempt.state.in_(UNDER_WAY))
    for link_id in db.session.scalars(begun):
        outbox.put(END_SESSIONS, lane=Lane.OUTSIDE, link_id=link_id)


def _held(opportunity_ids: Sequence[int]) -> dict[int, Opportunity]:
    """The deals, locked in the order of their numbers, so that two who do this wait for each other and no more."""
    locked = db.session.scalars(
        select(Opportunity)
        .where(Opportunity.id.in_(opportunity_ids))
        .order_by(Opportunity.id)
        .with_for_update(of=Opportunity)
        .execution_options(populate_existing=True)
    )
    return {opportunity.id: opportunity for opportunity in locked}


def _tell(link: BuyLink, opportunity: Opportunity) -> None:
    fact = BuyLinkExpired(link_id=link.id, total=link.total, currency=link.currency)
    events.record(fact, about=opportunity, by=None, via=Via.SCHEDULE)
