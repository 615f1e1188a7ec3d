"""The relay: what is due reaches the queue, whatever happens to the queue, the workers or the other relay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as QueueGone
from sqlalchemy import func, select

from pipeline import clock, tasks
from pipeline.domain import beats, outbox, promises
from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.outbox import Heartbeat, Lane, OutboxMessage, PromiseState
from pipeline.tasks import Task
from pipeline.tasks import relay as relaying
from pipeline.tasks.relay import Relay
from pipeline.transaction import transaction
from tests.tasks.conftest import Engine


@pytest.fixture(autouse=True)
def a_task(note: Callable[..., None]) -> None:
    note("test.tag", Task(lambda name: db.session.add(Tag(name=name))))


def put(count: int = 1) -> list[int]:
    with transaction():
        messages = [outbox.put("test.tag", name=f"tag {number}") for number in range(count)]
        db.session.flush()
        return [message.id for message in messages]


def tags() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Tag.id))) or 0


def states() -> set[PromiseState]:
    db.session.rollback()
    return set(db.session.scalars(select(OutboxMessage.state).where(OutboxMessage.task == "test.tag")))


def test_an_emptied_queue_loses_nothing(engine: Engine) -> None:
    put(30)
    engine.relay.turn()
    engine.redis.flushall()
    engine.run()
    assert tags() == 30


def test_what_a_lost_worker_took_comes_back_when_its_lease_runs_out(engine: Engine) -> None:
    put()
    engine.relay.turn()
    engine.redis.delete("rq:queue:inside")
    engine.run()
    assert tags() == 0
    with clock.travelled(promises.HANDED_FOR + timedelta(seconds=1)):
        engine.run()
    assert tags() == 1


def test_two_relays_hand_over_without_doing_anything_twice(engine: Engine) -> None:
    put(60)
    other = Relay(engine.app, engine.url)
    engine.relay.turn()
    other.turn()
    engine.run()
    assert tags() == 60
    other.connection.close()


def test_a_queue_that_cannot_be_reached_gets_nothing_and_nothing_waits_for_a_lease(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*arguments: object) -> None:
        raise QueueGone("gone")

    put(3)
    with monkeypatch.context() as patch:
        patch.setattr(relaying, "enqueue", gone)
        with pytest.raises(QueueGone):
            engine.relay.turn()
    assert states() == {PromiseState.WAITING}
    engine.run()
    assert tags() == 3


def test_a_full_queue_gets_no_more(engine: Engine) -> None:
    put(3000)
    while engine.relay.turn():
        pass
    assert len(engine.redis.lrange("rq:queue:inside", 0, -1)) < 2 * relaying.WAITING_JOBS
    engine.run()
    assert tags() == 3000


def test_what_workers_are_lost_over_goes_alone_and_is_dead_at_last(engine: Engine) -> None:
    [poison] = put()
    for _ in range(promises.MOST_LOSSES):
        engine.relay.turn()
        engine.redis.delete("rq:queue:inside")
        with transaction():
            db.session.get_one(OutboxMessage, poison).lease_until = clock.now() - timedelta(seconds=1)
    engine.relay.turn()
    db.session.rollback()
    message = db.session.get_one(OutboxMessage, poison, populate_existing=True)
    assert (message.state, message.losses) == (PromiseState.DEAD, promises.MOST_LOSSES)


def test_batches_grow_with_what_is_due_but_errands_go_singly() -> None:
    few, many = [(number, 0) for number in range(5)], [(number, 0) for number in range(1000)]
    assert [len(batch) for batch in relaying.cut(few, Lane.INSIDE)] == [1] * 5
    assert {len(batch) for batch in relaying.cut(many, Lane.INSIDE)} == {relaying.BATCH}
    assert {len(batch) for batch in relaying.cut(many, Lane.OUTSIDE)} == {1}
    assert relaying.cut([(7, relaying.LONELY_AFTER), *many], Lane.INSIDE)[0] == [7]


def test_there_is_exactly_one_future_promise_of_what_recurs(engine: Engine) -> None:
    other = Relay(engine.app, engine.url)
    for relay in (engine.relay, other, engine.relay):
        relay.turn()
    recurring = select(OutboxMessage).where(OutboxMessage.task == "housekeeping.tidy")
    assert len(db.session.scalars(recurring).all()) == 1
    with clock.travelled(timedelta(days=3)):
        engine.run()
    future = db.session.scalars(recurring.where(OutboxMessage.state == PromiseState.WAITING)).all()
    assert len(future) == 1
    other.connection.close()


def test_a_relay_gives_signs_of_life(engine: Engine) -> None:
    engine.relay.turn()
    assert beats.silent_for(beats.RELAY) == timedelta(0)
    with clock.travelled(timedelta(minutes=3)):
        assert beats.silent_for(beats.RELAY) == timedelta(minutes=3)
    engine.relay.say_goodbye()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Heartbeat)) == 0


def test_old_kept_promises_are_forgotten_and_troubled_ones_are_not(engine: Engine) -> None:
    _, dead = put(2)
    engine.run()
    with transaction():
        db.session.get_one(OutboxMessage, dead).state = PromiseState.DEAD
    with clock.travelled(timedelta(days=40)):
        engine.run()
    left = db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.task == "test.tag")).all()
    assert left == [dead]
    assert tasks.TASKS["housekeeping.tidy"]
