"""Changing many, as the workers do it: beside others, killed in the middle, and each of them once."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.bulk import change_of, runs
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Run
from pipeline.models.bulk_run import BulkItem, BulkRun, BulkState, BulkVerb, ItemState
from pipeline.models.event import Event
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity, StageMove
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.settings import Settings
from pipeline.tasks import queues
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.house import House
from tests.tasks.conftest import Engine

PATIENCE = 180
MANY = 200


def begin(verb: BulkVerb, *, by: User, with_automation: bool = False, **arguments: object) -> BulkRun:
    """A run over every opportunity there is."""
    chosen = select(Opportunity.id)
    count = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    with transaction():
        return runs.start(
            verb,
            change_of(verb).Arguments(**arguments),
            chosen,
            by=by,
            expected=count,
            with_automation=with_automation,
        )


def tag_id(name: str) -> int:
    from pipeline.domain import tags

    with transaction():
        return tags.named(name).id


def in_states(run: BulkRun) -> dict[str, int]:
    rows = select(BulkItem.state, func.count()).where(BulkItem.run_id == run.id).group_by(BulkItem.state)
    return {state.value: count for state, count in db.session.execute(rows)}


def test_of_fifty_moved_at_once_three_are_refused_and_the_others_set_off_what_follows(
    engine: Engine, cast: Cast
) -> None:
    sales = factories.sales_pipeline()
    item = factories.required_item(factories.stage_named(sales, "New Opportunity"))
    moved = [factories.deal(sales, f"Parked {number}", stage="Contacting", owner=cast.olive) for number in range(47)]
    held = [factories.deal(sales, f"Not ready {number}", owner=cast.olive) for number in range(3)]
    vip = TagSettings(tag_id=tag_id("vip"))
    factories.automation(sales, (ActionKind.APPLY_TAG, vip), target="Qualified", only_by_person=True)
    qualified = factories.stage_named(sales, "Qualified")

    run = begin(BulkVerb.MOVE, by=cast.olive, stage_id=qualified.id, with_automation=True)
    engine.run()

    assert (run.state, run.done, run.refused, run.unchanged) == (BulkState.DONE, 47, 3, 0)
    assert {deal.stage.name for deal in moved} == {"Qualified"}
    refused = select(BulkItem.opportunity_id, BulkItem.message).where(BulkItem.state == ItemState.REFUSED)
    cause = f"Before it goes to Qualified: tick “{item.text}”."
    assert dict(db.session.execute(refused).all()) == {deal.id: cause for deal in held}  # type: ignore[arg-type]
    assert db.session.scalar(select(func.count(Run.id))) == 47
    assert sum(1 for deal in moved if [tag.name for tag in deal.tags] == ["vip"]) == 47
    [told] = db.session.scalars(select(Notification))
    assert (told.user, told.text) == (cast.olive, "Move to Qualified: 47 moved, 3 refused.")


def test_when_it_is_over_it_can_be_taken_back(engine: Engine, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    deals = [factories.deal(sales, owner=cast.olive) for _ in range(3)]
    run = begin(BulkVerb.ASSIGN, by=cast.olive, owner_id=cast.tom.id)
    engine.run()
    assert {deal.owner for deal in deals} == {cast.tom}
    with transaction():
        back = runs.undo(run, by=cast.olive)
    engine.run()
    assert (back.state, back.done) == (BulkState.DONE, 3)
    assert {deal.owner for deal in deals} == {cast.olive}


def test_what_always_fails_stops_it_and_it_can_be_taken_up_again(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.deal(factories.sales_pipeline(), owner=cast.olive)
    run = begin(BulkVerb.ASSIGN, by=cast.olive, owner_id=cast.tom.id)
    with monkeypatch.context() as broken:
        broken.setattr(runs, "_attempt", lambda *_: 1 / 0)
        engine.run()
        assert (run.state, run.done) == (BulkState.RUNNING, 0)
        assert run.error is not None
        assert "division" in run.error
        [message] = db.session.scalars(select(OutboxMessage).where(OutboxMessage.task == runs.ADVANCE))
        with transaction():
            message.attempts, message.due_at = 5, message.created_at
        engine.run()
    assert (run.state, message.state) == (BulkState.STOPPED, PromiseState.DEAD)
    with transaction():
        runs.resume(run)
    engine.run()
    assert (run.state, run.done, run.error) == (BulkState.DONE, 1, None)


@pytest.fixture
def house(settings: Settings, valkey: str) -> Iterator[House]:
    queues.connect(valkey).flushall()
    house = House(replace(settings, redis_url=valkey))
    yield house
    house.kill_all()


def wait_until(come_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not come_true():
        assert time.monotonic() < end, f"in vain for {PATIENCE} s"
        time.sleep(0.02)


def settled(*runs: BulkRun) -> int:
    db.session.rollback()
    ids = [run.id for run in runs]
    waiting = select(func.count()).where(BulkItem.run_id.in_(ids), BulkItem.state != ItemState.WAITING)
    return db.session.scalar(waiting) or 0


def moves_of(sales: Pipeline) -> dict[int, int]:
    """How often each was moved, its beginning left out."""
    rows = (
        select(StageMove.opportunity_id, func.count())
        .where(StageMove.source_id.is_not(None))
        .group_by(StageMove.opportunity_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def test_a_worker_killed_again_and_again_does_each_of_them_once(house: House, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    factories.many_deals(sales, MANY, owner=cast.olive)
    demo = factories.stage_named(sales, "Lost")
    run = begin(BulkVerb.MOVE, by=cast.olive, stage_id=demo.id)
    house.start("relay")
    house.start("inside")
    for share in (0.2, 0.6):
        wait_until(lambda share=share: settled(run) > share * MANY)  # type: ignore[misc]
        house.kill("inside")
        house.start("inside")
    wait_until(lambda: settled(run) == MANY)
    db.session.expire_all()
    assert (run.state, run.done) == (BulkState.DONE, MANY)
    assert in_states(run) == {"done": MANY}
    assert set(moves_of(sales).values()) == {1}
    assert len(moves_of(sales)) == MANY
    assert db.session.scalar(select(func.count(Event.id)).where(Event.kind == "status_changed")) == MANY


def test_two_at_once_over_the_same_ones_both_come_to_their_end(house: House, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    factories.many_deals(sales, MANY, owner=cast.olive)
    tag = tag_id("vip")
    stage = factories.stage_named(sales, "Lost")
    moving = begin(BulkVerb.MOVE, by=cast.olive, stage_id=stage.id)
    tagging = begin(BulkVerb.ADD_TAG, by=cast.ada, tag_id=tag)
    house.start("relay")
    house.start("inside")
    house.start("another inside", *house.jobs["inside"][:1], *house.jobs["inside"][1])
    wait_until(lambda: settled(moving, tagging) == 2 * MANY)
    db.session.expire_all()
    assert (moving.done, tagging.done) == (MANY, MANY)
    assert (moving.state, tagging.state) == (BulkState.DONE, BulkState.DONE)
