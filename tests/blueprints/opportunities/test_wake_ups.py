"""A deal that was just laid to rest may be given the day on which it wakes, from the words that say it was moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from pipeline import clock
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    return factories.deal(factories.sales_pipeline(template="classic"), owner=cast.olive)


def moved(visitor: Visitor, deal: Opportunity, stage: str, **answers: object) -> BeautifulSoup:
    to = factories.stage_named(deal.pipeline, stage).id
    answer = visitor.post(
        f"/opportunities/{deal.id}/moves", htmx=True, page="/board", stage_id=to, version=deal.version, **answers
    )
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("stage", ["Delayed", "Lost"])
def test_a_deal_laid_to_rest_is_offered_a_day(visit: Visit, cast: Cast, deal: Opportunity, stage: str) -> None:
    olive = visit(cast.olive)
    offer = moved(olive, deal, stage).find("a", string="Wake up when?")
    assert offer["href"] == f"/opportunities/{deal.id}/wake-up"
    assert "Wake up when?" in olive.get(str(offer["href"]), htmx=True).text


def test_one_that_has_its_day_or_goes_on_is_not(visit: Visit, cast: Cast, deal: Opportunity) -> None:
    olive, day = visit(cast.olive), clock.today(cast.olive) + timedelta(days=30)
    assert not moved(olive, deal, "Demo").find("a", string="Wake up when?")
    assert not moved(olive, deal, "Delayed", wake_on=day.isoformat()).find("a", string="Wake up when?")


def test_the_day_shows_on_the_card_at_once(visit: Visit, cast: Cast, deal: Opportunity) -> None:
    olive, day = visit(cast.olive), clock.today(cast.olive) + timedelta(days=30)
    moved(olive, deal, "Delayed")
    answer = olive.post(f"/opportunities/{deal.id}/wake-up", htmx=True, page="/board", day=day.isoformat())
    assert "Wakes" in answer.text


def test_a_day_that_is_over_is_refused(visit: Visit, cast: Cast, deal: Opportunity) -> None:
    olive = visit(cast.olive)
    moved(olive, deal, "Delayed")
    answer = olive.post(f"/opportunities/{deal.id}/wake-up", htmx=True, page="/board", day="2020-01-01")
    assert answer.status_code == 422
    assert "Choose a day to come; it can wake tomorrow at the earliest." in answer.text
    assert BeautifulSoup(answer.text, "html.parser").find("input", type="date")["value"] == "2020-01-01"
