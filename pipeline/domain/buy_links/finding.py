"""Finding links: by their token, on a deal, and what is in their place now. Whether one can be bought from."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select

from pipeline.domain import addresses
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Opportunity, Status

OPEN = tuple(state for state in LinkState if state.is_open)
NO_SALE = {Status.LOST, Status.ABANDONED}


class WhyNot(StrEnum):
    """Why nothing can be bought through a link. `lost`: the deal is; `gone`: nobody offers it any more, or not yet."""

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    PURCHASED = "purchased"
    LOST = "lost"
    GONE = "gone"


ENDS = {
    LinkState.DRAFT: WhyNot.GONE,
    LinkState.EXPIRED: WhyNot.EXPIRED,
    LinkState.SUPERSEDED: WhyNot.SUPERSEDED,
    LinkState.REVOKED: WhyNot.REVOKED,
    LinkState.PURCHASED: WhyNot.PURCHASED,
}


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def found(token: str) -> BuyLink | None:
    """The link with that token, in whatever state. Who times the answer learns nothing of other tokens."""
    return db.session.scalar(select(BuyLink).where(BuyLink.token_hash == hash_of(token)))


def address(link: BuyLink) -> str:
    """Where a prospect finds it."""
    return addresses.absolute(f"/buy/{link.token}")


def open_of(opportunity: Opportunity) -> BuyLink | None:
    """The one link of a deal that has not ended, active or a draft, as its row has it."""
    return db.session.scalar(
        select(BuyLink)
        .where(BuyLink.opportunity_id == opportunity.id, BuyLink.state.in_(OPEN))
        .order_by(BuyLink.state, BuyLink.id.desc())
        .limit(1)
    )


def current(opportunity: Opportunity) -> BuyLink | None:
    """The active link of a deal, if it has one."""
    link = open_of(opportunity)
    return link if link is not None and link.state is LinkState.ACTIVE else None


def latest(link: BuyLink) -> BuyLink:
    """What is in its place now: the last of those that took each other's; the link itself, if nothing did."""
    seen = {link.id}
    while link.successor is not None and link.successor.id not in seen:
        link = link.successor
        seen.add(link.id)
    return link


def hold(link: BuyLink) -> None:
    """Lock the deal, whatever became of it, then the link, and know both as they are now."""
    db.session.flush()
    db.session.refresh(link.opportunity, with_for_update={"of": Opportunity})
    db.session.refresh(link, with_for_update={"of": BuyLink})


def why_not_good(link: BuyLink, at: datetime) -> WhyNot | None:
    """Why it can not be bought from at that moment; None if it can. What was bought stays bought, whatever follows."""
    if link.state is LinkState.PURCHASED:
        return WhyNot.PURCHASED
    if link.opportunity.deleted_at is not None:
        return WhyNot.GONE
    if link.opportunity.status in NO_SALE:
        return WhyNot.LOST
    if link.state is not LinkState.ACTIVE:
        return ENDS[link.state]
    return None if link.is_good_at(at) else WhyNot.EXPIRED
