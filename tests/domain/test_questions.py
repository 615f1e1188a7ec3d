"""What prospects say to the seller: asked by nobody in particular, written down, and never lost or done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import questions
from pipeline.domain.buying_facts import FreshLinkWanted
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.buy_link import BuyLink, LinkQuestion
from pipeline.models.event import Event
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.offers import deleted, expired, lost


@pytest.fixture
def link(cast: Cast) -> BuyLink:
    ana = factories.contact("Ana Lima", email="ana@lima.example")
    deal = factories.deal(factories.sales_pipeline(), contact=ana, owner=cast.olive)
    return factories.buy_link(deal)


def wanted() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == FreshLinkWanted.kind()).order_by(Event.id)))


@pytest.mark.parametrize("text", ["", " \n ", "x" * (questions.LONGEST + 1)])
def test_what_is_no_question_is_refused(link: BuyLink, text: str) -> None:
    with pytest.raises(RuleBroken), transaction():
        questions.ask(link, text)
    assert db.session.scalars(select(LinkQuestion)).all() == []


def test_where_to_answer_has_to_be_an_address(link: BuyLink) -> None:
    with pytest.raises(RuleBroken, match="not a mail address"), transaction():
        questions.ask(link, "Why?", email="nowhere")


def test_one_may_ask_about_what_is_over_but_not_about_what_is_gone(link: BuyLink) -> None:
    expired(link)
    with transaction():
        assert questions.ask(link, "Why?").text == "Why?"
    deleted(link)
    with pytest.raises(RuleBroken, match="gone"), transaction():
        questions.ask(link, "Why?")


def test_a_fresh_link_becomes_a_task_due_today_once_a_day(link: BuyLink, cast: Cast) -> None:
    expired(link)
    with transaction():
        assert questions.want_fresh(link)
    with transaction():
        assert not questions.want_fresh(link)
    task = db.session.scalars(select(Activity)).one()
    assert (task.assignee, task.due_on) == (cast.olive, clock.today(cast.olive))
    with clock.travelled(timedelta(days=1, minutes=1)), transaction():
        assert questions.want_fresh(link)
    assert len(wanted()) == 2


def test_the_task_goes_to_who_made_the_link_when_the_owner_has_left(link: BuyLink, cast: Cast) -> None:
    expired(link)
    with transaction():
        link.opportunity.owner.is_active = False
        link.created_by = cast.tom
    with transaction():
        questions.want_fresh(link)
    assert db.session.scalars(select(Activity)).one().assignee == cast.tom


def test_a_wish_is_written_down_when_nobody_can_be_given_the_task(link: BuyLink) -> None:
    expired(link)
    with transaction():
        link.opportunity.owner = None
    with transaction():
        assert questions.want_fresh(link)
    assert len(wanted()) == 1
    assert db.session.scalars(select(Activity)).all() == []


def test_a_lost_deals_prospect_may_come_back(link: BuyLink) -> None:
    lost(link)
    with transaction():
        assert questions.want_fresh(link)


def test_a_good_offer_needs_no_fresh_link(link: BuyLink) -> None:
    with pytest.raises(RuleBroken, match="needs no fresh link"), transaction():
        questions.want_fresh(link)
