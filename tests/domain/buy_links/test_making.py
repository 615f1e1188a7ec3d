"""A link offers a deal's lines at their price, until a moment, and there is one open link a deal."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities
from pipeline.domain.buying_facts import BuyLinkExtended, BuyLinkMade, BuyLinkSuperseded
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Share, Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.skin import Skin
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts

DAY = timedelta(days=1)


def make(deal, by, **terms):
    with transaction():
        return buy_links.make(deal, by=by, **terms)


def extend(link, by, until):
    with transaction():
        buy_links.extend(link, until, by=by)


def refused(deal, by, **terms):
    with pytest.raises(RuleBroken) as broken:
        make(deal, by, **terms)
    assert db.session.scalars(select(BuyLink)).all() == []
    return broken.value.message


def test_a_link_keeps_the_lines_as_they_were_offered(deal, cast, books):
    link = make(deal, cast.olive, message="  As agreed  ")
    with transaction():
        books.name, books.price = "Ledgers", 99
    assert (link.state, link.net, link.tax, link.total) == (LinkState.ACTIVE, 20_000, 4_000, 24_000)
    assert [(line.name, line.quantity, line.total) for line in link.lines] == [("Books", 2, 24_000)]
    assert (link.message, link.created_by, link.currency) == ("As agreed", cast.olive, "USD")


def test_it_is_good_for_the_days_of_its_pipeline_unless_somebody_says_otherwise(deal, cast, noon):
    assert make(deal, cast.olive).expires_at == noon + 14 * DAY
    assert make(deal, cast.olive, expires_at=noon + DAY).expires_at == noon + DAY


def test_making_one_is_written_down_and_its_end_promised(deal, cast, noon):
    link = make(deal, cast.olive, expires_at=noon + DAY)
    assert facts(deal, BuyLinkMade) == [BuyLinkMade(link.id, 24_000, "USD", (noon + DAY).isoformat())]
    due = db.session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.task == buy_links.EXPIRE)).all()
    assert due == [noon + DAY]


def test_it_is_found_by_its_token_alone_and_addressed_by_it(deal, cast):
    link = make(deal, cast.olive)
    assert buy_links.found(link.token) is link
    assert buy_links.found(link.token_hash) is None
    assert link.token_hash == sha256(link.token.encode()).hexdigest()
    assert len(link.token) >= 32
    assert buy_links.address(link) == f"http://pipeline.example/buy/{link.token}"


def test_another_one_takes_the_place_of_the_one_that_is_active(deal, cast):
    first = make(deal, cast.olive)
    second = make(deal, cast.olive)
    assert (first.state, second.state) == (LinkState.SUPERSEDED, LinkState.ACTIVE)
    assert (first.successor, buy_links.latest(first), buy_links.current(deal)) == (second, second, second)
    assert facts(deal, BuyLinkSuperseded) == [BuyLinkSuperseded(first.id, second.id, 24_000, 24_000, "USD")]


def test_who_did_not_see_the_link_that_another_made_is_told_of_it(deal, cast):
    first = make(deal, cast.olive, seen_id=None)
    with pytest.raises(Conflict, match="Olive Owner made a buy-now link meanwhile"):
        make(deal, cast.ada, seen_id=None)
    assert make(deal, cast.ada, seen_id=first.id).state is LinkState.ACTIVE


def test_nothing_is_offered_of_a_deal_without_lines_or_with_lines_that_come_to_nothing(sales, cast):
    deal = factories.deal(sales, "Bare", owner=cast.olive)
    assert "Add products to the deal first" in refused(deal, cast.olive)
    factories.line(deal, factories.product("Gift", 500), discount=10_000)
    assert "come to nothing" in refused(deal, cast.olive)


@pytest.mark.parametrize("status", [Status.WON, Status.LOST, Status.ABANDONED])
def test_nothing_is_offered_of_a_closed_deal(deal, cast, status):
    with transaction():
        moves.set_status(deal, status, by=cast.ada, answers=Answers())
    assert f"This deal is {status}" in refused(deal, cast.ada)


def test_nothing_is_offered_of_a_pipeline_that_is_archived(deal, cast, sales):
    with transaction():
        sales.archived_at = clock.now()
    assert "Sales is archived" in refused(deal, cast.olive)


def test_only_who_may_change_the_deal_makes_links_of_it(deal, cast):
    with pytest.raises(NotVisible):
        make(deal, cast.stan)
    with transaction():
        deal.shares.append(Share(user_id=cast.stan.id))
    with pytest.raises(NotAllowed):
        make(deal, cast.stan)
    with transaction():
        opportunities.delete(deal, by=None)
    with pytest.raises(NotVisible):
        make(deal, cast.olive)


def test_a_link_expires_at_a_moment_to_come_within_a_year(deal, cast, noon):
    assert "moment to come" in refused(deal, cast.olive, expires_at=noon)
    assert "a year at most" in refused(deal, cast.olive, expires_at=noon + 367 * DAY)


def test_an_archived_skin_and_an_endless_message_are_refused(deal, cast, noon):
    with transaction():
        skin = Skin(name="Old", archived_at=noon)
        db.session.add(skin)
    assert "Old was archived" in refused(deal, cast.olive, skin=skin)
    assert "at most 2000 letters" in refused(deal, cast.olive, message="x" * 2001)


def test_more_time_is_given_and_taken(deal, cast, noon):
    link = make(deal, cast.olive)
    extend(link, cast.olive, noon + 30 * DAY)
    assert link.expires_at == noon + 30 * DAY
    fact = BuyLinkExtended(link.id, (noon + 14 * DAY).isoformat(), (noon + 30 * DAY).isoformat())
    assert facts(deal, BuyLinkExtended) == [fact]
    with pytest.raises(RuleBroken, match="moment to come"):
        extend(link, cast.olive, noon - DAY)
    with pytest.raises(NotVisible):
        extend(link, cast.stan, noon + DAY)


def test_an_expired_one_comes_back_unless_it_is_out_of_date(deal, cast, noon, books):
    link = make(deal, cast.olive, expires_at=noon + DAY)
    with clock.frozen(noon + 2 * DAY):
        with transaction():
            assert buy_links.expire(link)
        extend(link, cast.olive, noon + 3 * DAY)
        assert (link.state, link.ended_at) == (LinkState.ACTIVE, None)
    with clock.frozen(noon + 3 * DAY):
        with transaction():
            assert buy_links.expire(link)
        factories.line(deal, books)
        with pytest.raises(RuleBroken, match="products changed"):
            extend(link, cast.olive, noon + 4 * DAY)
        make(deal, cast.olive)
        with pytest.raises(RuleBroken, match="newer link"):
            extend(link, cast.olive, noon + 4 * DAY)
