"""When a deal's lines change, its link is superseded by a draft that follows them until it is published."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain import buy_links, lines
from pipeline.domain.buying_facts import BuyLinkMade, BuyLinkSuperseded
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.models.buy_link import LinkState
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts, last_event

DAY = timedelta(days=1)


@pytest.fixture
def link(deal, cast):
    return factories.buy_link(deal, by=cast.olive, message="As agreed")


def follow(deal, by=None):
    with transaction():
        buy_links.follow_lines(deal, by=by)


def publish(draft, by=None, via=Via.PURCHASE):
    with transaction():
        buy_links.publish(draft, by=by, via=via)


@pytest.fixture
def draft(deal, link, books, cast):
    with transaction():
        lines.add(deal, books, by=cast.olive)
    return link.successor


def test_changed_lines_supersede_the_link_by_a_draft_at_another_address(deal, link, draft):
    assert (link.state, draft.state) == (LinkState.SUPERSEDED, LinkState.DRAFT)
    assert (link.total, draft.total) == (24_000, 36_000)
    assert (draft.message, draft.expires_at) == ("As agreed", link.expires_at)
    assert draft.token != link.token
    assert buy_links.current(deal) is None
    assert facts(deal, BuyLinkSuperseded) == [BuyLinkSuperseded(link.id, draft.id, 24_000, 36_000, "USD")]


def test_a_draft_follows_the_lines_without_another_word(deal, draft, books):
    factories.line(deal, books)
    assert (draft.state, draft.total) == (LinkState.DRAFT, 48_000)
    assert len(facts(deal, BuyLinkSuperseded)) == 1


def test_lines_that_say_and_cost_the_same_change_nothing(deal, link):
    follow(deal)
    assert link.state is LinkState.ACTIVE


def test_a_deal_without_a_link_has_nothing_that_follows(deal):
    follow(deal)
    assert buy_links.open_of(deal) is None


def test_without_lines_the_link_ends(deal, link, cast):
    with transaction():
        for line in lines.of(deal):
            lines.drop(line, by=cast.olive)
    assert (link.state, link.successor) == (LinkState.SUPERSEDED, None)


def test_a_draft_is_good_for_a_day_at_least(deal, link, books, noon):
    with clock.frozen(link.expires_at - timedelta(minutes=5)):
        factories.line(deal, books)
        assert link.successor.expires_at == clock.now() + DAY


def test_a_prospect_or_a_rep_publishes_it_once(deal, draft, cast):
    publish(draft)
    publish(draft, by=cast.olive)
    assert draft.state is LinkState.ACTIVE
    assert len(facts(deal, BuyLinkMade)) == 2
    assert (last_event(deal).via, last_event(deal).actor) == (Via.PURCHASE, None)


def test_a_draft_whose_time_has_passed_is_published_by_a_rep_alone(draft, cast):
    with clock.frozen(draft.expires_at):
        with pytest.raises(RuleBroken, match="has expired"):
            publish(draft)
        publish(draft, by=cast.olive, via=Via.RECORD)
        assert draft.is_good_at(clock.now() + 13 * DAY)


def test_strangers_publish_nothing_and_ends_are_final(draft, cast):
    with pytest.raises(NotVisible):
        publish(draft, by=cast.stan)
    with transaction():
        buy_links.revoke(draft, by=cast.olive)
    with pytest.raises(RuleBroken, match="is revoked"):
        publish(draft)


def test_making_a_link_makes_the_draft_that_link(deal, link, draft, cast):
    assert factories.buy_link(deal, by=cast.olive) is draft
    assert (draft.state, buy_links.latest(link)) == (LinkState.ACTIVE, draft)
