"""Clicks: a person on the other side pressed the button of the offer."""

from pipeline.domain import events
from pipeline.domain.buy_links.finding import hold
from pipeline.domain.buying_facts import BuyLinkClicked
from pipeline.domain.via import Via
from pipeline.models.buy_link import BuyLink


def click(link: BuyLink) -> None:
    """Count it. Whether it was staff, or a machine that looks at links, is known to who asks."""
    hold(link)
    link.clicks += 1
    events.record(BuyLinkClicked(link_id=link.id), about=link.opportunity, by=None, via=Via.PURCHASE)
