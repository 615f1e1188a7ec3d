"""Links follow the lines: nobody pays a price they have not seen, and nobody's address leads nowhere."""

from datetime import timedelta

from pipeline import clock
from pipeline.domain import events, outbox
from pipeline.domain.buy_links.ending import EXPIRE, leave
from pipeline.domain.buy_links.finding import open_of
from pipeline.domain.buy_links.making import begun, take_place
from pipeline.domain.buy_links.offering import fill, offered, offers
from pipeline.domain.buying_facts import BuyLinkSuperseded
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkLine, LinkState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

SHORTEST = timedelta(days=1)


def follow_lines(opportunity: Opportunity, *, by: User | None, via: Via = Via.RECORD) -> None:
    """The deal's lines changed, by who holds the deal: what is offered changes with them, at an address of its own.

    An active link is superseded by a draft that is good as long, and for a day at least. A draft offers the new lines
    at once. Without lines it ends. Lines that come to the same change nothing.
    """
    db.session.flush()
    link = open_of(opportunity)
    if link is None or offers(link, lines := offered(opportunity)):
        return
    if not lines:
        _end(link, by=by, via=via)
    elif link.state is LinkState.DRAFT:
        fill(link, lines)
        link.version += 1
    else:
        _draft_after(link, lines, by=by, via=via)


def _draft_after(link: BuyLink, lines: list[LinkLine], *, by: User | None, via: Via) -> None:
    draft = begun(link.opportunity, by=by)
    draft.expires_at = max(link.expires_at, clock.now() + SHORTEST)
    draft.skin, draft.message = link.skin, link.message
    fill(draft, lines)
    take_place(draft, of=link, by=by, via=via)
    outbox.put(EXPIRE, due_at=draft.expires_at)


def _end(link: BuyLink, *, by: User | None, via: Via) -> None:
    leave(link, LinkState.SUPERSEDED)
    fact = BuyLinkSuperseded(link_id=link.id, successor_id=None, before=link.total, after=0, currency=link.currency)
    events.record(fact, about=link.opportunity, by=by, via=via)
