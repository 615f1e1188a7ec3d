"""What a deal offers now: its lines as a link would have them, and the rules for offering them at all."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import pricing, snapshots
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkLine
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.skin import Skin

LONGEST_MESSAGE = 2000
LONGEST = timedelta(days=366)


def offered(opportunity: Opportunity) -> list[LinkLine]:
    """The deal's lines as they stand, in order, each as a line of a link."""
    mine = select(OpportunityLine).where(OpportunityLine.opportunity_id == opportunity.id)
    ordered = mine.order_by(OpportunityLine.position, OpportunityLine.id)
    return [
        LinkLine(**snapshots.of(line))
        for line in db.session.scalars(ordered.options(joinedload(OpportunityLine.product)))
    ]


def fill(link: BuyLink, lines: list[LinkLine]) -> None:
    """Let a link offer these lines, and cost what they come to."""
    price = pricing.total(lines)
    link.lines = lines
    link.net, link.tax = price.net, price.tax


def offers(link: BuyLink, lines: list[LinkLine]) -> bool:
    """Whether a link says and costs just this."""
    return [snapshots.again(line) for line in link.lines] == [snapshots.again(line) for line in lines]


def why_not_on_offer(opportunity: Opportunity, lines: list[Any]) -> str | None:
    """The sentence for a deal of which no link can be made as it is; None for one of which it can."""
    if opportunity.deleted_at is not None:
        return "This deal was deleted; restore it first."
    if not opportunity.is_open:
        return f"This deal is {opportunity.status}. Reopen it before you offer it for buying."
    if opportunity.pipeline.archived_at is not None:
        return f"{opportunity.pipeline.name} is archived. An admin can bring it back."
    if not lines:
        return "There is nothing to buy yet. Add products to the deal first."
    if pricing.total(lines).total <= 0:
        return "The products come to nothing, and a link cannot ask for that. Change a price or a discount."
    return None


def refuse_unless_on_offer(opportunity: Opportunity, lines: list[LinkLine]) -> None:
    """Refuse a deal that has ended or has nothing to sell."""
    if refusal := why_not_on_offer(opportunity, lines):
        raise RuleBroken(refusal)


def refuse_moment(expires_at: datetime) -> None:
    """Refuse an expiry that is not to come, or more than a year away."""
    present = clock.now()
    if expires_at <= present:
        raise RuleBroken("A link expires at a moment to come; choose a later one.")
    if expires_at > present + LONGEST:
        raise RuleBroken("A link is good for a year at most; choose an earlier day.")


def refuse_words(message: str, skin: Skin | None) -> None:
    if len(message) > LONGEST_MESSAGE:
        raise RuleBroken(f"A message has at most {LONGEST_MESSAGE} letters.")
    if skin is not None and skin.archived_at is not None:
        raise RuleBroken(f"The skin {skin.name} was archived; choose another.")
