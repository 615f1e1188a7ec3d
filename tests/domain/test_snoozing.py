"""What is put off stands under another day: today or later, by the calendar of whoever says it."""

from datetime import date, time, timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities, snoozing
from pipeline.domain.rules import RuleBroken
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    step = {"next_action": "Call", "next_action_on": date(2020, 1, 2), "next_action_at": time(9)}
    return factories.deal(factories.sales_pipeline(), owner=cast.olive, **step)


@pytest.fixture
def task(deal, cast):
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive, due_on=date(2020, 1, 2), due_at=time(9))


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_day_to_come_takes_the_time_of_day_along(deal, task, cast, days):
    day = clock.days_from_today(days, cast.olive)
    with transaction():
        snoozing.put_off(task, day, by=cast.olive)
        snoozing.put_off_step(deal, day, by=cast.olive)
    assert (task.due_on, task.due_at) == (day, time(9))
    assert (deal.next_action, deal.next_action_on, deal.next_action_at) == ("Call", day, time(9))


def test_a_day_that_is_over_is_refused(deal, task, cast):
    yesterday = clock.today(cast.olive) - timedelta(days=1)
    for put_off, what in ((snoozing.put_off, task), (snoozing.put_off_step, deal)):
        with pytest.raises(RuleBroken, match="Choose a day to come"), transaction():
            put_off(what, yesterday, by=cast.olive)
    assert (task.due_on, deal.next_action_on) == (date(2020, 1, 2), date(2020, 1, 2))
