"""Tasks and calls: planned, changed, done once, reopened, dropped."""

from datetime import date, time

import pytest

from pipeline.domain import activities
from pipeline.domain.facts import ActivityChanged, ActivityDone, ActivityPlanned, CallLogged, Change
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.models.activity import ActivityKind
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts

DAY = date(2026, 12, 24)


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


@pytest.fixture
def task(deal, cast):
    return plan(deal, by=cast.olive, due_on=DAY, due_at=time(9))


def plan(deal, title="Call Ana", *, by=None, **more):
    with transaction():
        return activities.plan(deal, title, by=by, **more)


def act(verb, task, *, by, **more):
    with transaction():
        verb(task, by=by, **more)


def test_it_is_for_the_owner_unless_somebody_is_named(deal, cast):
    assert plan(deal, by=cast.ada).assignee_id == cast.olive.id
    assert plan(deal, by=cast.ada, assignee=cast.tom).assignee_id == cast.tom.id
    assert facts(deal, ActivityPlanned)[1].assignee == "Tom Team"


def test_it_is_for_its_maker_when_nobody_owns_the_deal(cast):
    deal = factories.deal(factories.sales_pipeline())
    assert plan(deal, by=cast.ada).assignee_id == cast.ada.id


@pytest.mark.parametrize(
    ("title", "words"), [("", "needs a title"), ("  ", "needs a title"), ("x" * 201, "at most 200")]
)
def test_it_has_a_title(deal, title, words):
    with pytest.raises(RuleBroken, match=words):
        plan(deal, title)


def test_nobody_who_left_is_given_a_task(deal, cast):
    with transaction():
        cast.tom.is_active = False
    with pytest.raises(RuleBroken, match="cannot sign in"):
        plan(deal, assignee=cast.tom)


def test_a_change_is_written_down_and_the_same_again_is_not(deal, task, cast):
    act(activities.change, task, by=cast.olive, title="Call Ana  again", due_on=DAY)
    act(activities.change, task, by=cast.olive, title="Call Ana again")
    [changed] = facts(deal, ActivityChanged)
    assert changed.changes == [Change("title", "Call Ana", "Call Ana again")]


def test_a_time_goes_with_its_day(task, cast):
    act(activities.change, task, by=cast.olive, due_on=None)
    assert task.due_at is None


def test_a_time_needs_a_day(deal, task, cast):
    with pytest.raises(RuleBroken, match=r"Choose the day for 10:00\."):
        plan(deal, due_at=time(10))
    with pytest.raises(RuleBroken, match=r"Choose the day for 10:00\."):
        act(activities.change, task, by=cast.olive, due_on=None, due_at=time(10))
    assert (task.due_on, task.due_at) == (DAY, time(9))


def test_it_is_done_once(deal, task, cast):
    act(activities.complete, task, by=cast.olive, outcome="Reached")
    act(activities.complete, task, by=cast.ada, outcome="Again")
    assert (task.is_done, task.outcome, task.done_by_id) == (True, "Reached", cast.olive.id)
    assert len(facts(deal, ActivityDone)) == 1


def test_what_is_done_is_not_changed_until_it_is_reopened(task, cast):
    act(activities.complete, task, by=cast.olive)
    with pytest.raises(RuleBroken, match="done already"):
        act(activities.change, task, by=cast.olive, title="Other")
    act(activities.reopen, task, by=cast.olive)
    act(activities.change, task, by=cast.olive, title="Other")
    assert (task.title, task.is_done) == ("Other", False)


def test_several_verbs_in_one_transaction_see_each_other(task, cast):
    with transaction():
        activities.change(task, by=cast.olive, title="Other")
        activities.complete(task, by=cast.olive)
        activities.reopen(task, by=cast.olive)
    assert (task.title, task.is_done) == ("Other", False)


def test_what_was_dropped_is_not_done(task, cast):
    act(activities.drop, task, by=cast.olive)
    with pytest.raises(RuleBroken, match="dropped meanwhile"):
        act(activities.complete, task, by=cast.olive)


def test_who_is_to_do_it_may_even_without_seeing_the_deal(deal, cast):
    task = plan(deal, assignee=cast.stan)
    act(activities.complete, task, by=cast.stan)
    assert task.is_done


def test_a_stranger_does_nobody_elses_task(task, cast):
    with pytest.raises(NotVisible):
        act(activities.complete, task, by=cast.stan)


def test_a_task_without_a_deal_is_its_assignees_alone(task, cast):
    with transaction():
        task.opportunity_id = None
        task.opportunity = None
    with pytest.raises(NotAllowed, match="someone else's"):
        act(activities.complete, task, by=cast.tom)


def test_a_logged_call_is_done_at_once_with_what_came_of_it(deal, cast):
    with transaction():
        call = activities.log_call(deal, " No answer ", by=cast.olive, notes="Rang long")
    assert (call.kind, call.outcome, call.is_done) == (ActivityKind.CALL, "No answer", True)
    assert facts(deal, CallLogged) == [CallLogged(activity_id=call.id, outcome="No answer", notes="Rang long")]


def test_a_call_needs_an_outcome(deal, cast):
    with pytest.raises(RuleBroken, match="what came of the call"), transaction():
        activities.log_call(deal, " ", by=cast.olive)
