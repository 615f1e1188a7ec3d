"""A promise inside the database is kept exactly once, in one transaction with what it does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock, tasks
from pipeline.domain import outbox, promises
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.tasks import Task
from pipeline.transaction import transaction
from tests.tasks.conftest import Engine


def make_tag(name: str) -> None:
    db.session.add(Tag(name=name))


def make_tag_and_break_a_rule(name: str) -> None:
    make_tag(name)
    db.session.flush()
    raise RuleBroken("Tags are out of fashion.")


def make_tag_and_stumble(name: str) -> None:
    make_tag(name)
    db.session.flush()
    raise ConnectionError("stumbled")


@pytest.fixture(autouse=True)
def tasks_of_this_test(note: Callable[..., None]) -> None:
    note("test.tag", Task(make_tag))
    note("test.refuse", Task(make_tag_and_break_a_rule))
    note("test.stumble", Task(make_tag_and_stumble))


def put(task: str = "test.tag", **options: object) -> int:
    with transaction():
        message = outbox.put(task, name="blue", **options)  # type: ignore[arg-type]
        db.session.flush()
        return message.id


def read(message_id: int) -> OutboxMessage:
    db.session.rollback()
    return db.session.get_one(OutboxMessage, message_id, populate_existing=True)


def tags() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Tag.name).order_by(Tag.id)))


def test_a_due_promise_is_kept_by_relay_and_worker(engine: Engine) -> None:
    message_id = put()
    engine.run()
    assert tags() == ["blue"]
    assert read(message_id).state is PromiseState.DONE


def test_a_promise_is_kept_once_however_often_it_is_performed(engine: Engine) -> None:
    message_id = put()
    for _ in range(3):
        tasks.perform([message_id, message_id])
    assert tags() == ["blue"]


def test_a_later_promise_waits_until_it_is_due(engine: Engine) -> None:
    put(due_at=clock.now() + timedelta(hours=1))
    engine.run()
    assert tags() == []
    with clock.travelled(timedelta(hours=1)):
        engine.run()
    assert tags() == ["blue"]


def test_a_cancelled_promise_is_not_kept_even_when_it_was_handed_over(engine: Engine) -> None:
    message_id = put()
    engine.relay.turn()
    with transaction():
        assert outbox.cancel(message_id)
    engine.work()
    assert tags() == []


def test_a_broken_rule_undoes_the_work_and_is_noted_and_not_tried_again(engine: Engine) -> None:
    message_id = put("test.refuse")
    engine.run()
    message = read(message_id)
    assert (message.state, message.last_error) == (PromiseState.REFUSED, "Tags are out of fashion.")
    assert tags() == []


def test_a_failure_is_tried_again_each_time_after_a_longer_while_and_then_rests_as_dead(engine: Engine) -> None:
    message_id = put("test.stumble")
    waits = []
    engine.run()
    while (message := read(message_id)).state is PromiseState.WAITING:
        waits.append(message.due_at - clock.now())
        with clock.travelled(waits[-1]):
            engine.run()
    assert message.state is PromiseState.DEAD
    assert (message.attempts, message.last_error) == (len(promises.BACK_OFF) + 1, "ConnectionError: stumbled")
    assert waits == sorted(waits)
    assert tags() == []


def test_an_unknown_task_is_tried_again_for_a_newer_worker_may_know_it(engine: Engine) -> None:
    message_id = put("test.of_tomorrow")
    engine.run()
    message = read(message_id)
    assert message.state is PromiseState.WAITING
    assert message.attempts == 1


def test_a_failure_in_a_batch_leaves_the_others_alone(engine: Engine) -> None:
    with transaction():
        for number in range(40):
            outbox.put("test.tag" if number % 2 else "test.stumble", name=f"tag {number}")
    engine.run()
    assert len(tags()) == 20
