"""Links end once: on time, revoked or bought; and whoever asks is told why nothing can be bought by them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities
from pipeline.domain.buy_links import WhyNot
from pipeline.domain.buying_facts import BuyLinkClicked, BuyLinkExpired, BuyLinkRevoked
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import LinkState
from pipeline.models.opportunity import Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.payment import AttemptState, CheckoutAttempt, Provider
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements
from tests.support.history import facts, last_event

DAY = timedelta(days=1)
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def link(deal, cast, noon):
    return factories.buy_link(deal, by=cast.olive, expires_at=noon + DAY)


def expire_due(**limit):
    with transaction():
        return buy_links.expire_due(**limit)


def revoke(link, by):
    with transaction():
        buy_links.revoke(link, by=by)


def attempt(link, state=AttemptState.OPEN):
    with transaction():
        db.session.add(
            CheckoutAttempt(
                link_id=link.id,
                provider=Provider.SANDBOX,
                key=f"{link.id}-{state}",
                state=state,
                amount=link.total,
                currency=link.currency,
                opened_at=clock.now(),
                checked_at=clock.now(),
            )
        )


def promised_ends():
    promises = select(OutboxMessage.arguments).where(OutboxMessage.task == "payments.end_sessions")
    promises = promises.order_by(OutboxMessage.id)
    return [arguments["link_id"] for arguments in db.session.scalars(promises)]


def test_it_can_be_bought_until_the_very_moment(link):
    assert buy_links.why_not_good(link, link.expires_at - A_MOMENT) is None
    assert buy_links.why_not_good(link, link.expires_at) is WhyNot.EXPIRED
    assert link.state is LinkState.ACTIVE


def test_what_is_due_expires_and_nothing_sooner(deal, link):
    with clock.frozen(link.expires_at - A_MOMENT):
        assert expire_due() == []
    with clock.frozen(link.expires_at):
        assert expire_due() == [link.id]
        assert expire_due() == []
    assert (link.state, link.ended_at) == (LinkState.EXPIRED, link.expires_at)
    assert facts(deal, BuyLinkExpired) == [BuyLinkExpired(link.id, 24_000, "USD")]
    assert last_event(deal).via == Via.SCHEDULE


def test_some_are_expired_at_once_the_longest_due_first(sales, cast, noon):
    links = [
        factories.buy_link(factories.deal(sales, f"Deal {hours}"), expires_at=noon + timedelta(hours=hours))
        for hours in (3, 1, 2)
    ]
    with clock.frozen(noon + DAY):
        assert expire_due(limit=2) == [links[1].id, links[2].id]
        assert expire_due(limit=2) == [links[0].id]


def test_many_are_expired_by_few_statements(sales, cast, noon):
    def asked(count):
        for number in range(count):
            factories.buy_link(factories.deal(sales, f"Deal {count} {number}"), expires_at=noon + DAY)
        with clock.frozen(noon + DAY), statements() as said:
            assert len(expire_due()) == count
        return len([one for one in said if "INSERT INTO" not in one])

    assert asked(2) == asked(9)


def test_a_draft_expires_too(deal, link, books):
    factories.line(deal, books)
    with clock.frozen(link.successor.expires_at):
        assert expire_due() == [link.successor.id]
    assert buy_links.latest(link).state is LinkState.EXPIRED


def test_one_is_revoked_once(deal, link, cast):
    with pytest.raises(NotVisible):
        revoke(link, by=cast.stan)
    revoke(link, by=cast.olive)
    revoke(link, by=cast.olive)
    assert buy_links.why_not_good(link, clock.now()) is WhyNot.REVOKED
    assert facts(deal, BuyLinkRevoked) == [BuyLinkRevoked(link.id)]


def test_what_has_ended_otherwise_is_not_revoked(link, cast):
    with clock.frozen(link.expires_at):
        expire_due()
        with pytest.raises(RuleBroken, match="is expired already"):
            revoke(link, by=cast.olive)


def test_a_purchase_ends_it_and_the_one_in_its_place(deal, link, cast):
    newer = factories.buy_link(deal, by=cast.olive)
    with transaction():
        assert buy_links.mark_purchased(link)
        assert not buy_links.mark_purchased(link)
    assert (link.state, newer.state) == (LinkState.PURCHASED, LinkState.SUPERSEDED)
    assert buy_links.latest(newer) is link
    assert buy_links.why_not_good(link, clock.now()) is WhyNot.PURCHASED


def test_who_is_just_paying_is_stopped_however_it_ends(deal, cast, noon):
    ended = {}
    for how in ("revoke", "supersede", "expire", "purchase"):
        link = factories.buy_link(deal, by=cast.olive, expires_at=noon + DAY)
        attempt(link)
        ended[how] = link.id
        with clock.frozen(noon + DAY), transaction():
            if how == "revoke":
                buy_links.revoke(link, by=cast.olive)
            elif how == "expire":
                buy_links.expire_due()
            elif how == "purchase":
                buy_links.mark_purchased(link)
    assert promised_ends() == list(ended.values())


def test_nobody_is_stopped_who_is_not_paying(link, cast):
    attempt(link, AttemptState.PAID)
    revoke(link, by=cast.olive)
    assert promised_ends() == []


def test_a_deal_that_is_lost_abandoned_or_deleted_sells_nothing_and_sells_again_when_it_is_back(deal, link, cast):
    for status in (Status.LOST, Status.ABANDONED):
        with transaction():
            moves.set_status(deal, status, by=cast.ada)
        assert buy_links.why_not_good(link, clock.now()) is WhyNot.LOST
    with transaction():
        moves.set_status(deal, Status.OPEN, by=cast.ada)
    assert buy_links.why_not_good(link, clock.now()) is None
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    assert buy_links.why_not_good(link, clock.now()) is WhyNot.GONE
    with clock.frozen(link.expires_at):
        assert expire_due() == [link.id]


def test_a_click_is_counted_and_written_down(deal, link):
    with transaction():
        buy_links.click(link)
        buy_links.click(link)
    assert link.clicks == 2
    assert facts(deal, BuyLinkClicked) == [BuyLinkClicked(link.id)] * 2
    assert last_event(deal).via == Via.PURCHASE
