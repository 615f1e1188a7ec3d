"""What an offer's page shows a prospect: how it stands, what it costs and when, who sells, until when in whose zone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from pipeline.domain import buy_links, pricing, questions
from pipeline.domain.buy_links import WhyNot
from pipeline.domain.buy_links.finding import hash_of
from pipeline.domain.paying import baskets, coming
from pipeline.domain.paying.coming import Coming
from pipeline.domain.pricing import Price, TaxAtRate
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkLine, LinkState
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User


class Standing(StrEnum):
    """How an offer stands to whoever comes to its address. `updated`: it was superseded, and there is a newer one.

    `undecided`: it was paid too late or not as asked, and somebody looks at that.
    """

    GOOD = "good"
    WAITING = "waiting"
    UNDECIDED = "undecided"
    PURCHASED = "purchased"
    UPDATED = "updated"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    GONE = "gone"

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be had at this address any more, but by asking for it."""
        return self in {Standing.EXPIRED, Standing.WITHDRAWN, Standing.LOST, Standing.GONE}


WAITING = {Coming.ANNOUNCED: Standing.WAITING, Coming.UNDECIDED: Standing.UNDECIDED}
STANDINGS = {
    None: Standing.GOOD,
    WhyNot.PURCHASED: Standing.PURCHASED,
    WhyNot.SUPERSEDED: Standing.WITHDRAWN,
    WhyNot.REVOKED: Standing.WITHDRAWN,
    WhyNot.EXPIRED: Standing.EXPIRED,
    WhyNot.LOST: Standing.LOST,
    WhyNot.GONE: Standing.GONE,
}


@dataclass(frozen=True)
class Renewal:
    """What is charged again: `amount` every so many months, with tax; first after `trial_days`, if there are any."""

    amount: int
    interval_months: int
    trial_days: int
    payments_count: int | None


@dataclass(frozen=True)
class Offer:
    """`zone` is the contact's, else the seller's: an IANA name. `newer` took its place, and can be had."""

    link: BuyLink
    standing: Standing
    due_now: int
    taxes: list[TaxAtRate]
    renewals: list[Renewal]
    rep: User | None
    zone: str
    newer: BuyLink | None
    order: Order | None


def link(token: str) -> BuyLink | None:
    """The link with that token and all that its page is drawn from, in two questions."""
    deal = joinedload(BuyLink.opportunity)
    return db.session.scalar(
        select(BuyLink)
        .where(BuyLink.token_hash == hash_of(token))
        .options(
            deal.joinedload(Opportunity.contact),
            deal.joinedload(Opportunity.owner).lazyload(User.memberships),
            deal.joinedload(Opportunity.pipeline).joinedload(Pipeline.skin),
            joinedload(BuyLink.skin),
            joinedload(BuyLink.created_by).lazyload(User.memberships),
            selectinload(BuyLink.lines),
        )
    )


def of(link: BuyLink, at: datetime) -> Offer:
    """How it stands at that moment."""
    newer = newer_than(link, at) if link.state is LinkState.SUPERSEDED else None
    deal = link.opportunity
    rep = questions.seller_of(link)
    return Offer(
        link=link,
        standing=_standing(link, newer, at),
        due_now=baskets.due_now(link),
        taxes=pricing.taxes(link.lines),
        renewals=renewals(link.lines),
        rep=rep,
        zone=deal.contact.time_zone or (rep.time_zone if rep else "UTC"),
        newer=newer,
        order=_order(link) if link.state is LinkState.PURCHASED else None,
    )


def newer_than(link: BuyLink, at: datetime) -> BuyLink | None:
    """What took its place, if that can be bought, will be once somebody asks for it, or was bought."""
    last = buy_links.latest(link)
    if last is link:
        return None
    why_not = buy_links.why_not_good(last, at)
    is_draft = last.state is LinkState.DRAFT and why_not is WhyNot.GONE and last.opportunity.deleted_at is None
    if why_not in {None, WhyNot.PURCHASED} or (is_draft and at < last.expires_at):
        return last
    return None


def renewals(lines: Iterable[LinkLine]) -> list[Renewal]:
    """What will be charged again, together for what is charged at the same times."""
    sums: dict[tuple[int, int, int | None], Price] = defaultdict(lambda: Price(0))
    for line in lines:
        if line.interval_months:
            sums[line.interval_months, line.trial_days, line.payments_count] += Price(line.net, line.tax)
    return [Renewal(price.total, *times) for times, price in sums.items()]


def _standing(link: BuyLink, newer: BuyLink | None, at: datetime) -> Standing:
    why_not = buy_links.why_not_good(link, at)
    if why_not is not WhyNot.PURCHASED and (money := coming.of(link)):
        return WAITING[money]
    if why_not is WhyNot.SUPERSEDED and newer is not None:
        return Standing.UPDATED
    return STANDINGS[why_not]


def _order(link: BuyLink) -> Order | None:
    return db.session.scalar(select(Order).where(Order.link_id == link.id))
