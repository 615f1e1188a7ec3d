"""Offers in every state that a prospect can find one in."""

from datetime import timedelta

from pipeline import clock
from pipeline.domain import buy_links, lines, moves, opportunities, orders
from pipeline.domain.via import Via
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Status
from pipeline.models.payment import PaymentState
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories, selling


def expired(link: BuyLink) -> None:
    with transaction():
        link.expires_at = clock.now() - timedelta(seconds=1)


def revoked(link: BuyLink) -> None:
    with transaction():
        buy_links.revoke(link, by=None)


def emptied(link: BuyLink) -> None:
    with transaction():
        for line in lines.of(link.opportunity):
            lines.drop(line, by=None)


def lost(link: BuyLink) -> None:
    with transaction():
        moves.set_status(link.opportunity, Status.LOST, by=None, via=Via.SYSTEM)


def deleted(link: BuyLink) -> None:
    with transaction():
        opportunities.delete(link.opportunity, by=None)


def updated(link: BuyLink) -> None:
    factories.line(link.opportunity, factories.product(f"Advice {link.id}", 50_000))


def waiting(link: BuyLink) -> None:
    selling.payment(link.opportunity, link.total, state=PaymentState.PENDING, link_id=link.id)


def bought(link: BuyLink) -> None:
    with transaction():
        orders.place_for(link)
        buy_links.mark_purchased(link)


def good(link: BuyLink) -> None:
    """As it is."""


STATES = (good, updated, waiting, bought, expired, revoked, emptied, lost, deleted)


def in_every_state(owner: User) -> dict[str, BuyLink]:
    """An offer with a long story to it in each state, by the name of the state."""
    pipeline = factories.sales_pipeline()
    found = {}
    for state in STATES:
        name = state.__name__
        deal = factories.deal(pipeline, f"Deal {name}", owner=owner)
        setup = factories.product(f"Setup {name}", 48_000, tax_rate=1900, description="We bring your books over.\n" * 3)
        care = factories.product(f"Care {name}", 9_900, tax_rate=700, interval_months=1, trial_days=14)
        factories.line(deal, setup, quantity=3, discount=1000)
        factories.line(deal, care)
        found[name] = factories.buy_link(deal, message="As we said:\nthis is all you need.")
        state(found[name])
    return found
