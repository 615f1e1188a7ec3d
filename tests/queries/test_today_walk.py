"""From one deal of a day to the next, as the Today page has them."""

from collections.abc import Callable

import pytest

from pipeline import clock
from pipeline.domain import activities
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import today_walk
from pipeline.queries.neighbours import Neighbours
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements

Plan = Callable[..., Activity]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deals(cast: Cast, pipeline: Pipeline) -> list[Opportunity]:
    return [factories.deal(pipeline, title, owner=cast.olive) for title in ("Late", "Now", "Soon", "Without")]


@pytest.fixture
def day(deals: list[Opportunity]) -> list[Opportunity]:
    late, now, soon, _ = deals
    for deal, days in ((soon, 3), (now, 0), (late, -2), (late, 1)):
        plan(deal, days)
    return deals


def plan(deal: Opportunity, days: int, **more: User) -> Activity:
    with transaction():
        return activities.plan(deal, "Call", by=None, due_on=clock.days_from_today(days), **more)


def walked(person: User, start: Opportunity, **how: bool) -> list[int]:
    """All that is come to by going on to the next one."""
    way, here = [start.id], beside(start, person, **how)
    while here.next:
        way.append(here.next)
        here = today_walk.beside(here.next, person, **({"of_team": False} | how))
    return way


def beside(deal: Opportunity, person: User, *, of_team: bool = False) -> Neighbours:
    return today_walk.beside(deal.id, person, of_team=of_team)


def test_each_deal_is_come_to_once_in_the_order_of_the_page(cast: Cast, day: list[Opportunity]) -> None:
    assert walked(cast.olive, day[0]) == [deal.id for deal in day]
    there = beside(day[1], cast.olive)
    assert (there.previous, there.place, there.count) == (day[0].id, 2, 4)


def test_one_that_was_seen_to_leads_to_the_first_that_is_left(cast: Cast, day: list[Opportunity]) -> None:
    with transaction():
        day[0].deleted_at = clock.now()
    left = beside(day[0], cast.olive)
    assert (left.previous, left.next, left.place, left.count) == (None, day[1].id, None, 3)


def test_a_day_with_nothing_left_leads_nowhere(cast: Cast, deals: list[Opportunity]) -> None:
    assert beside(deals[0], cast.stan) == Neighbours()


def test_it_leads_to_nothing_that_one_may_not_see(cast: Cast, pipeline: Pipeline, day: list[Opportunity]) -> None:
    hidden = factories.deal(pipeline, "Hidden", owner=cast.stan)
    plan(hidden, -1, assignee=cast.olive)
    assert hidden.id not in walked(cast.olive, day[0])


def test_a_managers_day_may_be_that_of_the_team(cast: Cast, pipeline: Pipeline, day: list[Opportunity]) -> None:
    toms = factories.deal(pipeline, "Toms", owner=cast.tom)
    plan(toms, -1)
    assert toms.id not in walked(cast.olive, day[0])
    assert walked(cast.olive, day[0], of_team=True)[:3] == [day[0].id, toms.id, day[1].id]


def test_a_long_day_is_walked_without_counting(cast: Cast, pipeline: Pipeline) -> None:
    some = [factories.deal(pipeline, f"Deal {number}", owner=cast.olive) for number in range(3)]
    for deal in some:
        for _ in range(today_walk.MOST // 3 + 1):
            plan(deal, -1)
    assert beside(some[1], cast.olive).count is None


def test_it_takes_one_query_where_it_is_known_when_deals_rot(cast: Cast, day: list[Opportunity]) -> None:
    beside(day[0], cast.olive)
    with statements() as asked:
        beside(day[0], cast.olive)
    assert len(asked) == 1
