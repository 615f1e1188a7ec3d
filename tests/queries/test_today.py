"""One person's day, by their own calendar; and a manager's team's."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert

from pipeline import clock
from pipeline.domain import activities, buy_links, moves, opportunities, owning, waking
from pipeline.domain.paying import decisions
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.payment import PaymentFlag
from pipeline.queries import today
from pipeline.queries.today_groups import Group
from pipeline.transaction import transaction
from tests import factories, selling
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


def titles(person, group, **how):
    entries = today.agenda(person, **how).parts[group].entries
    return [entry.task or entry.next_action or entry.deal for entry in entries]


def test_tasks_and_next_actions_fall_under_their_days_in_one_order(deal, cast):
    plan(deal, "overdue", 9)
    plan(deal, "today at ten", 10, time(10))
    plan(deal, "today", 10)
    plan(deal, "next week", 17)
    plan(deal, "far away", 18)
    plan(deal, "some day")
    with transaction():
        opportunities.change(deal, by=None, next_action="Send offer", next_action_on=TODAY, next_action_at=time(9))
    assert titles(cast.olive, Group.OVERDUE) == ["overdue"]
    assert titles(cast.olive, Group.TODAY) == ["Send offer", "today at ten", "today"]
    assert titles(cast.olive, Group.UPCOMING) == ["next week"]
    assert titles(cast.olive, Group.SOME_DAY) == ["some day"]


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Pago_Pago", 10), ("UTC", 10), ("Pacific/Tongatapu", 11)])
def test_the_day_turns_where_the_person_is_and_a_date_stays_the_day(deal, cast, zone, day):
    plan(deal, "that day", day)
    plan(deal, "the day before", day - 1)
    with transaction():
        cast.olive.time_zone = zone
    assert titles(cast.olive, Group.TODAY) == ["that day"]
    assert titles(cast.olive, Group.OVERDUE) == ["the day before"]


def test_what_is_done_dropped_or_anothers_is_not_there(deal, cast, pipeline):
    with transaction():
        activities.complete(activities.plan(deal, "done", by=None, due_on=TODAY), by=None)
        activities.drop(activities.plan(deal, "dropped", by=None, due_on=TODAY), by=None)
    plan(deal, "Toms", 10, assignee=cast.tom)
    gone = factories.deal(pipeline, "Gone", owner=cast.olive)
    plan(gone, "deleted with its deal", 10)
    with transaction():
        opportunities.delete(gone, by=None)
    assert titles(cast.olive, Group.TODAY) == []


def test_open_working_deals_for_which_nothing_is_planned_are_named(deal, cast, pipeline):
    plan(factories.deal(pipeline, "Planned", owner=cast.olive), "a task", 10)
    factories.deal(pipeline, "Dated", owner=cast.olive, next_action_on=TODAY)
    factories.deal(pipeline, "Toms", owner=cast.tom)
    lost = factories.deal(pipeline, "Closed", owner=cast.olive)
    resting = factories.deal(pipeline, "Resting", owner=cast.olive)
    with transaction():
        moves.set_status(lost, Status.ABANDONED, by=None)
        waking.wake_on(resting, date(2026, 4, 1), by=None)
    assert titles(cast.olive, Group.NO_STEP) == ["Acme"]


def test_a_deal_that_rots_is_told_apart_from_one_that_lacks_a_step(deal, cast, pipeline):
    factories.deal(pipeline, "Stale", owner=cast.olive, created_at=NOW - timedelta(days=20))
    assert titles(cast.olive, Group.ROTTING) == ["Stale"]
    assert titles(cast.olive, Group.NO_STEP) == ["Acme"]


def test_a_deal_that_woke_is_named_until_it_is_seen_to(deal, cast):
    with transaction():
        waking.wake_on(deal, date(2026, 3, 11), by=cast.olive)
    assert titles(cast.olive, Group.WOKEN) == []
    with clock.travelled(timedelta(days=1)), transaction():
        waking.wake_the_due()
    assert titles(cast.olive, Group.WOKEN) == ["Acme"]
    assert titles(cast.olive, Group.NO_STEP) == []


def test_a_manager_looks_at_the_day_of_their_team(deal, cast, pipeline):
    plan(factories.deal(pipeline, "Toms", owner=cast.tom), "for Tom", 10)
    plan(factories.deal(pipeline, "Stans", owner=cast.stan), "nobody's business", 10, assignee=cast.tom)
    plan(deal, "for Olive", 10)
    assert titles(cast.olive, Group.TODAY) == ["for Olive"]
    assert titles(cast.olive, Group.TODAY, of_team=True) == ["for Tom", "for Olive"]
    assert titles(cast.tom, Group.TODAY, of_team=True) == ["for Tom", "nobody's business"]


def test_a_task_of_a_deal_one_may_not_see_does_not_name_it(deal, cast):
    plan(deal, "for Stan", 10, assignee=cast.stan)
    [entry] = today.agenda(cast.stan).parts[Group.TODAY].entries
    assert not entry.sees
    with transaction():
        owning.share(deal, cast.stan, "read", by=cast.olive)
    [entry] = today.agenda(cast.stan).parts[Group.TODAY].entries
    assert entry.sees


def test_long_groups_are_counted_whole_and_come_page_by_page(deal, cast, pipeline):
    for number in range(20):
        plan(deal, f"task {number}", 10, time(number) if number % 2 else None)
        factories.deal(pipeline, f"d{number}", owner=cast.olive, next_action=f"step {number}", next_action_on=TODAY)
    part = today.agenda(cast.olive).parts[Group.TODAY]
    assert (part.count, len(part.entries)) == (40, 25)
    rest = today.more(cast.olive, Group.TODAY, after=part.last)
    assert (len(rest.entries), rest.last) == (15, None)
    both = [*part.entries, *rest.entries]
    assert len({(entry.task_id, entry.deal_id) for entry in both}) == 40
    assert [entry.at for entry in both] == sorted((entry.at for entry in both), key=lambda at: at or time.max)


@pytest.mark.parametrize("group", [Group.NO_STEP, Group.ROTTING, Group.WOKEN])
def test_deals_that_stand_still_come_page_by_page_too(cast, pipeline, group):
    factories.many_deals(pipeline, 60, owner=cast.olive)
    with transaction():
        for number, deal in enumerate(db.session.query(Opportunity)):
            deal.last_contact_at = NOW - timedelta(days=20 if group is Group.ROTTING else 1, minutes=number // 3)
            deal.woke_on = date(2026, 3, 1 + number // 6) if group is Group.WOKEN else None
    seen, after = [], None
    while not seen or after:
        part = today.more(cast.olive, group, after=after)
        seen += [entry.deal_id for entry in part.entries]
        after = part.last
    assert len(seen) == len(set(seen)) == 60


def test_what_was_done_today_is_counted(deal, cast):
    with transaction():
        activities.complete(activities.plan(deal, "done", by=None), by=cast.olive)
    assert today.agenda(cast.olive).done_today == 1
    with clock.travelled(timedelta(hours=2)):
        assert today.agenda(cast.olive).done_today == 0


@pytest.mark.parametrize("of_team", [False, True])
def test_the_queries_are_three_for_a_full_day_as_for_an_empty_one(deal, cast, pipeline, of_team):
    cast.olive.is_rep, cast.olive.managed_group_ids  # noqa: B018 — who asks is known before the page begins
    with statements() as few:
        today.agenda(cast.olive, of_team=of_team)
    for number in range(30):
        plan(deal, f"task {number}", 10)
    factories.many_deals(pipeline, 300, owner=cast.olive)
    cast.olive.is_rep, cast.olive.managed_group_ids  # noqa: B018
    with statements() as many:
        today.agenda(cast.olive, of_team=of_team)
    assert len(few) == len(many) == 3


def test_a_deal_whose_link_expires_today_or_did_is_named_until_something_follows(deal, cast, pipeline):
    link = factories.buy_link(deal, by=cast.olive, expires_at=NOW + timedelta(hours=1))
    factories.buy_link(factories.deal(pipeline, "Tomorrow", owner=cast.olive), expires_at=NOW + timedelta(hours=2))
    [entry] = today.agenda(cast.olive).parts[Group.OFFERS].entries
    assert (entry.deal, entry.is_past) == ("Acme", False)
    with clock.frozen(link.expires_at):
        with transaction():
            assert buy_links.expire_due() == [link.id]
        assert today.agenda(cast.olive).parts[Group.OFFERS].entries[0].is_past
        factories.buy_link(deal, by=cast.olive)
        assert titles(cast.olive, Group.OFFERS) == []


def test_an_offer_that_expired_long_ago_calls_for_nothing(deal, cast):
    link = factories.buy_link(deal, by=cast.olive, expires_at=NOW + timedelta(hours=1))
    with clock.frozen(link.expires_at + timedelta(days=7)):
        assert titles(cast.olive, Group.OFFERS) == []


def test_money_that_waits_for_a_decision_comes_first_for_who_decides(deal, cast, pipeline):
    late = selling.payment(deal, flag=PaymentFlag.LATE, received_at=NOW - timedelta(days=1))
    selling.payment(deal, flag=PaymentFlag.DOUBLE)
    selling.payment(factories.deal(pipeline, "Asked for", owner=cast.olive))
    selling.payment(factories.deal(pipeline, "Toms", owner=cast.tom), flag=PaymentFlag.MISMATCH)
    selling.payment(factories.deal(pipeline, "Nobodys", owner=None), flag=PaymentFlag.LATE)
    [entry] = today.agenda(cast.olive).parts[Group.MONEY].entries
    assert (entry.deal, entry.since) == ("Acme", late.received_at)
    assert titles(cast.olive, Group.MONEY, of_team=True) == ["Acme", "Toms"]
    assert titles(cast.ada, Group.MONEY) == ["Nobodys"]


def test_money_that_was_decided_on_waits_no_more(deal, cast):
    paid = selling.payment(deal, flag=PaymentFlag.LATE)
    with transaction():
        decisions.accept(paid, by=cast.olive)
    assert titles(cast.olive, Group.MONEY) == []


def test_a_group_is_counted_as_far_as_a_number_helps(deal, cast, pipeline):
    with transaction():
        many = {"opportunity_id": deal.id, "assignee_id": cast.olive.id, "title": "Call"}
        rows = [many | {"due_on": TODAY - timedelta(days=1), "created_at": NOW}] * today.MOST_COUNTED
        db.session.execute(insert(Activity), rows)
    overdue = today.agenda(cast.olive).parts[Group.OVERDUE]
    assert (overdue.count, overdue.is_cut_short) == (today.MOST_COUNTED, True)
    step = factories.deal(pipeline, "Beta", owner=cast.olive)
    with transaction():
        opportunities.change(step, by=None, next_action="Send offer", next_action_on=TODAY - timedelta(days=1))
    assert today.agenda(cast.olive).parts[Group.OVERDUE].count == today.MOST_COUNTED
