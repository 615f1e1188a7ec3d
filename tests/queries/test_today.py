"""One person's day, by their own calendar."""

from datetime import UTC, date, datetime, time

import pytest

from pipeline import clock
from pipeline.domain import activities, moves, opportunities
from pipeline.models.opportunity import Status
from pipeline.queries import today
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _evening():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    return factories.deal(pipeline, "Acme", owner=cast.olive)


def plan(deal, title, day=None, at=None, **more):
    with transaction():
        return activities.plan(deal, title, by=None, due_on=day and date(2026, 3, day), due_at=at, **more)


def titles(todos):
    return [todo.task.title if todo.task else todo.deal.next_action for todo in todos]


def test_tasks_and_next_actions_fall_under_their_days(deal, cast):
    plan(deal, "overdue", 9)
    plan(deal, "today at ten", 10, time(10))
    plan(deal, "today", 10)
    plan(deal, "next week", 17)
    plan(deal, "far away", 18)
    plan(deal, "some day")
    with transaction():
        opportunities.change(deal, by=None, next_action="Send offer", next_action_on=TODAY, next_action_at=time(9))
    agenda = today.agenda(cast.olive)
    assert titles(agenda.overdue) == ["overdue"]
    assert titles(agenda.today) == ["Send offer", "today at ten", "today"]
    assert titles(agenda.coming) == ["next week"]
    assert titles(agenda.undated) == ["some day"]


def test_the_day_turns_where_the_person_is(deal, cast):
    plan(deal, "tomorrow in London", 11)
    assert titles(today.agenda(cast.olive).coming) == ["tomorrow in London"]
    with transaction():
        cast.olive.time_zone = "Pacific/Auckland"
    assert titles(today.agenda(cast.olive).today) == ["tomorrow in London"]


def test_what_is_done_dropped_or_anothers_is_not_there(deal, cast, pipeline):
    with transaction():
        activities.complete(activities.plan(deal, "done", by=None, due_on=TODAY), by=None)
        activities.drop(activities.plan(deal, "dropped", by=None, due_on=TODAY), by=None)
    plan(deal, "Toms", 10, assignee=cast.tom)
    plan(factories.deal(pipeline, "Gone", owner=cast.olive), "deleted with its deal", 10)
    with transaction():
        gone = next(task.opportunity for task in _tasks(cast) if task.title.startswith("deleted"))
        opportunities.delete(gone, by=None)
    assert titles(today.agenda(cast.olive).today) == []


def _tasks(cast):
    return [todo.task for todo in today.agenda(cast.olive).today if todo.task]


def test_open_working_deals_without_a_dated_step_are_named(deal, cast, pipeline):
    planned = factories.deal(pipeline, "Planned", owner=cast.olive)
    plan(planned, "a task", 10)
    factories.deal(pipeline, "Dated", owner=cast.olive, next_action_on=TODAY)
    factories.deal(pipeline, "Toms", owner=cast.tom)
    lost = factories.deal(pipeline, "Closed", owner=cast.olive)
    with transaction():
        moves.set_status(lost, Status.ABANDONED, by=None)
    assert [deal.title for deal in today.agenda(cast.olive).without_step] == ["Acme"]


def test_the_queries_are_as_many_for_a_full_day_as_for_an_empty_one(deal, cast):
    cast.olive.is_rep  # noqa: B018 — who asks is known before the page begins
    with statements() as few:
        today.agenda(cast.olive)
    for number in range(30):
        plan(deal, f"task {number}", 10)
    cast.olive.is_rep  # noqa: B018
    with statements() as many:
        today.agenda(cast.olive)
    assert len(many) == len(few)
