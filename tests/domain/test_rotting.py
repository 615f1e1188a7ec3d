"""A deal rots when nobody was in touch for too long and nothing is planned; in Python and in SQL alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import activities, moves, notes, opportunities, owning, pipelines, rotting, waking
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.transaction import transaction
from tests import factories

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _evening():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    """Nobody was in touch for thirty days."""
    return factories.deal(pipeline, "Acme", owner=cast.olive, created_at=LONG_AGO)


def rotting_ids(today=TODAY):
    clause = rotting.is_rotting(rotting.thresholds(), now=clock.now(), today=today)
    return set(db.session.scalars(select(Opportunity.id).where(clause)))


def reckoning(deal):
    return rotting.reckoning_of(deal, clock.today())


def test_a_deal_rots_once_nobody_was_in_touch_for_so_many_days(deal):
    assert reckoning(deal).days == 30
    assert reckoning(deal).allowed == 14
    assert reckoning(deal).is_rotting


def _call(deal, by):
    activities.log_call(deal, "No answer", by=by)


def _note(deal, by):
    notes.write(deal, "Spoke to Ana", by=by)


def _move(deal, by):
    moves.move(deal, deal.pipeline.stages[1], by=by)


def _task(deal, by):
    activities.complete(activities.plan(deal, "Call", by=by), by=by)


@pytest.mark.parametrize("contact", [_call, _note, _move, _task])
def test_what_a_person_does_winds_the_clock_up(deal, cast, contact):
    with transaction():
        contact(deal, cast.olive)
    assert deal.last_contact_at == NOW
    assert not reckoning(deal).is_rotting


@pytest.mark.parametrize("contact", [_call, _note, _move, _task])
def test_what_the_system_does_does_not(deal, contact):
    with transaction():
        contact(deal, None)
    assert deal.last_contact_at == LONG_AGO


def test_what_an_automation_does_in_the_name_of_nobody_does_not(deal, cast):
    with transaction():
        moves.move(deal, deal.pipeline.stages[1], by=cast.olive, via=Via.AUTOMATION)
        owning.assign(deal, cast.tom, by=cast.ada)
        opportunities.change(deal, by=cast.ada, title="Other")
    assert deal.last_contact_at == LONG_AGO


def test_a_plan_for_today_or_later_stops_the_clock(deal, cast):
    with transaction():
        activities.plan(deal, "Call", by=None, due_on=NOW.date())
    assert reckoning(deal).paused_until == NOW.date()
    assert rotting_ids() == set()
    assert rotting_ids(NOW.date() + timedelta(days=1)) == {deal.id}


def test_until_when_something_is_planned_follows_tasks_and_the_next_action(deal, cast):
    first, second = date(2026, 3, 12), date(2026, 3, 20)
    with transaction():
        call = activities.plan(deal, "Call", by=None, due_on=second)
        activities.plan(deal, "Some day", by=None)
        opportunities.change(deal, by=None, next_action="Offer", next_action_on=first)
    assert deal.planned_until == second
    with transaction():
        activities.complete(call, by=None)
    assert deal.planned_until == first
    with transaction():
        activities.reopen(call, by=None)
        activities.change(call, by=None, due_on=date(2026, 3, 15))
        opportunities.change(deal, by=None, next_action_on=None)
    assert deal.planned_until == date(2026, 3, 15)
    with transaction():
        activities.drop(call, by=None)
    assert deal.planned_until is None


def test_a_wake_up_day_stops_the_clock_too(deal, cast):
    with transaction():
        waking.wake_on(deal, date(2026, 4, 1), by=cast.olive)
    assert reckoning(deal).paused_until == date(2026, 4, 1)
    assert rotting_ids() == set()


def test_a_pipeline_says_how_long_is_too_long_and_nought_is_never(deal, pipeline, cast):
    with transaction():
        pipelines.change(pipeline, by=cast.ada, rotting_days=31)
    assert not reckoning(deal).is_rotting
    with transaction():
        pipelines.change(pipeline, by=cast.ada, rotting_days=0)
    assert reckoning(deal) is None
    assert rotting_ids() == set()
    with pytest.raises(RuleBroken), transaction():
        pipelines.change(pipeline, by=cast.ada, rotting_days=-1)


def test_the_rule_and_the_condition_always_agree(pipeline, cast):
    """Every mixture of stage, status, silence and plan, around the borders where they turn."""
    today = NOW.date()
    silences = [timedelta(days=14), timedelta(days=14, seconds=-1), timedelta(days=90), timedelta()]
    days = [None, today - timedelta(days=1), today, today + timedelta(days=1)]
    deals = [factories.deal(pipeline, f"{stage.name}", stage=stage.name) for stage in pipeline.stages]
    with transaction():
        for first in deals:
            mixtures = [(silence, plan, wake) for silence in silences for plan in days for wake in days]
            for number, (silence, plan, wake) in enumerate(mixtures):
                db.session.add(_like(first, number, NOW - silence, plan, wake))
    clause = rotting.is_rotting(rotting.thresholds(), now=NOW, today=today)
    rows = db.session.execute(select(Opportunity, clause)).all()
    assert len({said for _, said in rows}) == 2
    for deal, said in rows:
        reckoned = rotting.reckoning_of(deal, today)
        assert said == bool(reckoned and reckoned.is_rotting), (deal.title, deal.last_contact_at)


def _like(deal, number, last_contact_at, planned_until, wake_on):
    status = Status.ABANDONED if number % 7 == 0 and deal.is_open else deal.status
    return Opportunity(
        title=f"{deal.title} {number}",
        contact=deal.contact,
        pipeline=deal.pipeline,
        stage=deal.stage,
        status=status,
        currency="USD",
        rank=f"b{number:04}",
        created_at=LONG_AGO,
        entered_stage_at=LONG_AGO,
        last_contact_at=last_contact_at,
        planned_until=planned_until,
        wake_on=wake_on,
        closed_at=None if status is Status.OPEN else NOW,
    )
