"""Changing many: each by the verb for one, refused or not by itself, and nobody told twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import opportunities, owning
from pipeline.domain.bulk import change_of, runs
from pipeline.domain.bulk.runs import CountChanged
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkState, BulkVerb
from pipeline.models.event import Event
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity, ShareLevel, Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.domain.bulk.conftest import Begin, causes, finish


def deals(sales: Pipeline, cast: Cast, count: int = 3, **more: object) -> list[Opportunity]:
    return [factories.deal(sales, f"Deal {number}", owner=cast.olive, **more) for number in range(count)]


def promised(task: str) -> int:
    return db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.task == task)) or 0


def told() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Notification).order_by(Notification.id))
    return [(each.user.name, each.text) for each in rows]


def test_each_is_moved_and_those_that_are_not_ready_are_named_with_their_cause(
    sales: Pipeline, cast: Cast, change: Begin
) -> None:
    some = deals(sales, cast, 5)
    qualified = factories.stage_named(sales, "Qualified")
    factories.required_item(factories.stage_named(sales, "New Opportunity"))
    open_ones = factories.deal(sales, "Elsewhere", stage="Contacting", owner=cast.olive)

    run = change("move", [*some, open_ones], by=cast.olive, stage_id=qualified.id)

    assert (run.state, run.done, run.refused, run.unchanged) == (BulkState.DONE, 1, 5, 0)
    assert open_ones.stage is qualified
    assert causes(run) == {deal.id: "Before it goes to Qualified: tick “Budget confirmed”." for deal in some}


def test_answers_are_given_once_for_all(sales: Pipeline, cast: Cast, change: Begin) -> None:
    some, [price] = deals(sales, cast), factories.loss_reasons(sales, "Price")
    lost = factories.stage_named(sales, "Lost")
    run = change("move", some, by=cast.olive, stage_id=lost.id, reason_ids=[price.id], note="All of them")
    assert run.done == 3
    assert {(deal.status, deal.reason, deal.reason_note) for deal in some} == {(Status.LOST, price, "All of them")}


def test_each_gets_the_reason_of_its_own_pipeline(sales: Pipeline, cast: Cast, change: Begin) -> None:
    other = factories.sales_pipeline("Partners")
    [price], [fit] = factories.loss_reasons(sales, "Price"), factories.loss_reasons(other, "No fit")
    here, there = factories.deal(sales, owner=cast.olive), factories.deal(other, owner=cast.olive)
    change("set_status", [here, there], by=cast.olive, status="lost", reason_ids=[price.id, fit.id])
    assert (here.reason, there.reason) == (price, fit)


def test_without_a_reason_that_is_required_all_are_refused(sales: Pipeline, cast: Cast, change: Begin) -> None:
    factories.loss_reasons(sales, "Price")
    run = change("set_status", deals(sales, cast), by=cast.olive, status="lost")
    assert (run.done, run.refused) == (0, 3)


def test_nothing_is_set_off_unless_asked_for(sales: Pipeline, cast: Cast, change: Begin) -> None:
    some, stage = deals(sales, cast), factories.stage_named(sales, "Qualified")
    change("move", some[:2], by=cast.olive, stage_id=stage.id)
    assert promised("automation.run_triggers") == 0
    change("move", some[2:], by=cast.olive, stage_id=stage.id, with_automation=True)
    assert promised("automation.run_triggers") == 1
    ways = db.session.scalars(select(Event.via).where(Event.kind == "opportunity_moved").order_by(Event.id))
    assert list(ways) == [Via.BULK_QUIET, Via.BULK_QUIET, Via.BULK]


def test_a_new_owner_is_told_once_and_so_is_who_asked(sales: Pipeline, cast: Cast, change: Begin) -> None:
    run = change("assign", deals(sales, cast), by=cast.olive, owner_id=cast.tom.id)
    assert run.done == 3
    assert told() == [
        ("Olive Owner", "Assign to Tom Team: 3 assigned."),
        ("Tom Team", "Olive Owner made you the owner of 3 opportunities."),
    ]


def test_who_may_not_hand_one_over_is_refused_that_one(sales: Pipeline, cast: Cast, change: Begin) -> None:
    mine, shared = (
        factories.deal(sales, owner=cast.stan),
        factories.deal(sales, "Shared", owner=cast.olive),
    )
    with transaction():
        owning.share(shared, cast.stan, ShareLevel.WRITE, by=None)
    run = change("assign", [mine, shared], by=cast.stan, owner_id=cast.tom.id)
    assert (mine.owner, shared.owner) == (cast.tom, cast.olive)
    assert causes(run) == {shared.id: "Only the owner or an admin can hand over or share this opportunity."}


def test_what_is_so_already_is_unchanged(sales: Pipeline, cast: Cast, change: Begin) -> None:
    some = deals(sales, cast, 2)
    stage = some[0].stage
    assert change("assign", some, by=cast.olive, owner_id=cast.olive.id).unchanged == 2
    assert change("move", some, by=cast.olive, stage_id=stage.id).unchanged == 2
    assert change("set_status", some, by=cast.olive, status="open").unchanged == 2


def test_many_are_tagged_and_put_away(sales: Pipeline, cast: Cast, change: Begin) -> None:
    from pipeline.domain import tags

    with transaction():
        tag = tags.named("vip")
        cast.olive.may_delete = True
    some = deals(sales, cast)
    assert change("add_tag", some, by=cast.olive, tag_id=tag.id).done == 3
    assert change("remove_tag", some[:1], by=cast.olive, tag_id=tag.id).done == 1
    assert [tag in deal.tags for deal in some] == [False, True, True]
    assert change("delete", some, by=cast.olive).done == 3
    assert all(deal.deleted_at for deal in some)


def test_what_cannot_be_seen_any_more_does_not_exist(sales: Pipeline, cast: Cast, begin: Begin) -> None:
    some = deals(sales, cast, 2)
    run = begin("assign", some, by=cast.olive, owner_id=cast.tom.id)
    with transaction():
        opportunities.delete(some[0], by=None)
        owning.assign(some[1], cast.stan, by=None)
    finish(run)
    assert set(causes(run).values()) == {"There is no such opportunity."}


def test_it_must_be_as_many_as_was_agreed_to(sales: Pipeline, cast: Cast) -> None:
    deals(sales, cast, 2)
    arguments = change_of(BulkVerb.DELETE).Arguments()
    with pytest.raises(CountChanged) as refusal, transaction():
        runs.start(BulkVerb.DELETE, arguments, select(Opportunity.id), by=cast.ada, expected=3, with_automation=False)
    assert refusal.value.count == 2
    with pytest.raises(RuleBroken, match="Select some"), transaction():
        nothing = select(Opportunity.id).where(Opportunity.id == 0)
        runs.start(BulkVerb.DELETE, arguments, nothing, by=cast.ada, expected=0, with_automation=False)


def test_an_owner_who_may_own_nothing_is_refused_before_it_begins(sales: Pipeline, cast: Cast, begin: Begin) -> None:
    with pytest.raises(RuleBroken, match="not a sales rep"):
        begin("assign", deals(sales, cast), by=cast.olive, owner_id=cast.guy.id)


def test_it_goes_on_from_where_it_is(
    sales: Pipeline, cast: Cast, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    monkeypatch.setattr(runs, "A_MOMENT", 60)
    run = begin("assign", deals(sales, cast, 5), by=cast.olive, owner_id=cast.tom.id)
    settled = []
    while run.is_running:
        with transaction():
            runs.go_on(run.id)
        settled.append(run.settled)
    assert settled == [2, 4, 5]


def test_it_stops_when_who_asked_can_not_sign_in_any_more_and_can_be_taken_up_again(
    sales: Pipeline, cast: Cast, begin: Begin
) -> None:
    run = begin("assign", deals(sales, cast), by=cast.olive, owner_id=cast.tom.id)
    with transaction():
        cast.olive.is_active = False
    finish(run)
    assert (run.state, run.done, run.error) == (BulkState.STOPPED, 0, "Olive Owner cannot sign in any more.")
    with transaction():
        cast.olive.is_active = True
        runs.resume(run)
    assert finish(run).done == 3


def test_a_run_is_its_makers_own(sales: Pipeline, cast: Cast, change: Begin) -> None:
    run = change("assign", deals(sales, cast), by=cast.olive, owner_id=cast.tom.id)
    assert runs.find(run.id, by=cast.olive) is run is runs.find(run.id, by=cast.ada)
    with pytest.raises(NotVisible):
        runs.find(run.id, by=cast.tom)


def test_it_can_be_taken_back_for_a_while_only(sales: Pipeline, cast: Cast, change: Begin) -> None:
    run = change("assign", deals(sales, cast), by=cast.olive, owner_id=cast.tom.id)
    assert runs.can_be_undone(run)
    with clock.frozen(clock.now() + runs.UNDONE_WITHIN + timedelta(seconds=1)):
        assert not runs.can_be_undone(run)
        with pytest.raises(RuleBroken, match="any more"), transaction():
            runs.undo(run, by=cast.olive)
