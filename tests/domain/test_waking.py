"""A deal at rest wakes on its day, where its owner is, once; and waits to be seen to."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import activities, moves, notifications, opportunities, waking
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import StageKind
from pipeline.transaction import transaction
from tests import factories

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
FRIDAY = date(2026, 3, 13)


@pytest.fixture(autouse=True)
def _noon():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    return factories.deal(pipeline, "Acme", owner=cast.olive)


def at(day, hour=12):
    return clock.frozen(datetime(2026, 3, day, hour, tzinfo=UTC))


def wake():
    with transaction():
        waking.wake_the_due()


def woken():
    return list(db.session.scalars(select(Event).where(Event.kind == "opportunity_woke").order_by(Event.id)))


def test_it_wakes_on_its_day_and_no_sooner(deal, cast):
    with transaction():
        waking.wake_on(deal, FRIDAY, by=cast.olive)
    with at(12):
        wake()
    assert woken() == []
    with at(13):
        wake()
        wake()
    [event] = woken()
    db.session.refresh(deal)
    assert (event.opportunity_id, deal.wake_on, deal.woke_on) == (deal.id, None, FRIDAY)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [("Pacific/Pago_Pago", (13, 10), (13, 12)), ("Pacific/Tongatapu", (12, 10), (12, 12)), ("UTC", (12, 23), (13, 0))],
)
def test_the_day_begins_where_its_owner_is(deal, cast, zone, before, after):
    with transaction():
        cast.olive.time_zone = zone
        waking.wake_on(deal, FRIDAY, by=cast.olive)
    with at(*before):
        wake()
    assert woken() == []
    with at(*after):
        wake()
    assert len(woken()) == 1
    db.session.refresh(deal)
    assert deal.woke_on == FRIDAY


def test_those_whose_day_has_not_begun_keep_nobody_asleep(deal, cast, pipeline, monkeypatch):
    monkeypatch.setattr(waking, "AT_ONCE", 1)
    others = [factories.deal(pipeline, title, owner=cast.tom) for title in ("Bravo", "Cargo")]
    with transaction():
        cast.olive.time_zone, cast.tom.time_zone = "Pacific/Pago_Pago", "Pacific/Tongatapu"
        for each in (deal, *others):
            waking.wake_on(each, FRIDAY, by=None)
    with at(12):
        wake()
        assert [event.opportunity_id for event in woken()] == [others[0].id]
        wake()
    assert [event.opportunity_id for event in woken()] == [each.id for each in others]


def test_its_owner_is_told_once(deal, cast):
    with transaction():
        waking.wake_on(deal, FRIDAY, by=cast.olive)
    with at(13):
        wake()
    for _ in range(2):
        with transaction():
            notifications.tell_woke(woken()[0])
    [told] = db.session.scalars(select(Notification))
    assert told.user == cast.olive
    assert told.text.startswith("Acme woke up today.")


def test_a_deal_in_the_bin_sleeps_on(deal, cast):
    with transaction():
        waking.wake_on(deal, FRIDAY, by=cast.olive)
        opportunities.delete(deal, by=None)
    with at(14):
        wake()
    assert woken() == []


@pytest.mark.parametrize("kind", [StageKind.PARKED, StageKind.LOST])
def test_a_move_to_where_deals_rest_may_say_when_to_wake_it(deal, cast, pipeline, kind):
    stage = pipeline.stages[1] if kind is StageKind.PARKED else pipeline.stage_of_kind(kind)
    with transaction():
        stage.kind = kind
    with transaction():
        moves.move(deal, stage, by=cast.olive, answers=Answers(wake_on=FRIDAY))
    assert deal.wake_on == FRIDAY
    with transaction():
        moves.move(deal, pipeline.first_stage, by=cast.olive)
    assert deal.wake_on is None


def test_a_deal_lost_in_place_may_be_woken_too(deal, cast, pipeline):
    with transaction():
        for stage in pipeline.all_stages:
            if stage.kind is StageKind.LOST:
                stage.kind = StageKind.WORKING
    with transaction():
        moves.set_status(deal, Status.LOST, by=cast.olive, answers=Answers(wake_on=FRIDAY))
    assert deal.wake_on == FRIDAY


def test_a_day_that_has_begun_is_refused_and_so_is_a_won_deal(deal, cast, pipeline):
    with pytest.raises(RuleBroken), transaction():
        waking.wake_on(deal, NOW.date(), by=cast.olive)
    with pytest.raises(RuleBroken), transaction():
        moves.move(deal, pipeline.stage_of_kind(StageKind.LOST), by=cast.olive, answers=Answers(wake_on=NOW.date()))
    won = factories.deal(pipeline, "Won", stage=pipeline.stage_of_kind(StageKind.WON).name)
    with pytest.raises(RuleBroken), transaction():
        waking.wake_on(won, FRIDAY, by=cast.ada)


def test_strangers_and_readers_wake_nothing(deal, cast):
    with pytest.raises(NotVisible), transaction():
        waking.wake_on(deal, FRIDAY, by=cast.stan)
    with transaction():
        cast.guy.may_view_all = True
    with pytest.raises(NotAllowed), transaction():
        waking.wake_on(deal, FRIDAY, by=cast.guy)


def test_setting_and_clearing_it_are_on_the_timeline_and_once_is_enough(deal, cast):
    with transaction():
        waking.wake_on(deal, FRIDAY, by=cast.olive)
        waking.wake_on(deal, FRIDAY, by=cast.olive)
        waking.wake_on(deal, None, by=cast.olive)
    facts = db.session.scalars(select(Event).where(Event.kind == "opportunity_changed").order_by(Event.id)).all()
    assert [fact.particulars["changes"][0]["after"] for fact in facts] == ["2026-03-13", ""]


def _plan(deal, by):
    activities.plan(deal, "Call", by=by, due_on=date(2026, 3, 20))


def _call(deal, by):
    activities.log_call(deal, "Qualified", by=by)


def _rest_again(deal, by):
    waking.wake_on(deal, date(2026, 4, 1), by=by)


def _let_be(deal, by):
    waking.let_be(deal, by=by)


@pytest.mark.parametrize("act", [_plan, _call, _rest_again, _let_be])
def test_a_deal_that_woke_waits_until_it_is_seen_to(deal, cast, act):
    with transaction():
        waking.wake_on(deal, FRIDAY, by=cast.olive)
    with at(13):
        wake()
        db.session.refresh(deal)
        assert deal.woke_on == FRIDAY
        with transaction():
            act(deal, cast.olive)
    assert deal.woke_on is None
