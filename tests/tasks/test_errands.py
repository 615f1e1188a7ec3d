"""Work in the world outside: under a lease, with no transaction open, never twice without a person's word."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline import clock, tasks
from pipeline.domain import outbox, promises
from pipeline.domain.outcome import Carried, Impossible, Later, Outcome, Uncertain
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.outbox import Lane, OutboxMessage, PromiseState
from pipeline.sessions import WRITES
from pipeline.tasks import Errand
from pipeline.transaction import transaction
from tests.tasks.conftest import Engine


class World:
    """What is outside: it remembers each visit, and answers as the test says."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.told: list[tuple[PromiseState, str]] = []
        self.answer: Outcome | Exception = Carried("250 OK")
        self.forbidden = ""
        self.meanwhile: Callable[[], None] = lambda: None

    def prepare(self, name: str) -> str | None:
        if self.forbidden:
            raise RuleBroken(self.forbidden)
        return name or None

    def carry(self, parcel: str) -> Outcome:
        assert not db.session().info.get(WRITES)
        self.visits.append(parcel)
        self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def hear(self, state: PromiseState, remark: str, name: str) -> None:
        self.told.append((state, remark))


@pytest.fixture
def world(note: Callable[..., None]) -> World:
    world = World()
    note("test.visit", Errand(world.prepare, world.carry, world.hear))
    return world


def put(name: str = "Ana", due_at=None) -> int:
    with transaction():
        message = outbox.put("test.visit", lane=Lane.OUTSIDE, due_at=due_at, name=name)
        db.session.flush()
        return message.id


def read(message_id: int) -> OutboxMessage:
    db.session.rollback()
    return db.session.get_one(OutboxMessage, message_id, populate_existing=True)


def test_an_errand_is_carried_once_and_settled(engine: Engine, world: World) -> None:
    message_id = put()
    engine.run()
    tasks.perform([message_id])
    assert world.visits == ["Ana"]
    assert world.told == [(PromiseState.DONE, "250 OK")]
    assert read(message_id).state is PromiseState.DONE


def test_nothing_left_to_do_is_done_without_going(engine: Engine, world: World) -> None:
    message_id = put(name="")
    engine.run()
    assert (read(message_id).state, world.visits) == (PromiseState.DONE, [])


def test_a_rule_broken_while_packing_is_noted_and_told(engine: Engine, world: World) -> None:
    world.forbidden = "Nobody is at home."
    message_id = put()
    engine.run()
    assert (read(message_id).state, world.visits) == (PromiseState.REFUSED, [])
    assert world.told == [(PromiseState.REFUSED, "Nobody is at home.")]


def test_an_impossible_errand_is_not_tried_again(engine: Engine, world: World) -> None:
    world.answer = Impossible("550 no such person")
    message_id = put()
    engine.run()
    assert (read(message_id).state, read(message_id).last_error) == (PromiseState.REFUSED, "550 no such person")


def test_an_errand_for_later_goes_again_and_is_dead_in_the_end(engine: Engine, world: World) -> None:
    world.answer = Later("421 too busy")
    message_id = put()
    engine.run()
    assert world.told == [(PromiseState.WAITING, "421 too busy; retry 1 of 5")]
    while (message := read(message_id)).state is PromiseState.WAITING:
        with clock.travelled(message.due_at - clock.now()):
            engine.run()
    assert message.state is PromiseState.DEAD
    assert len(world.visits) == len(promises.BACK_OFF) + 1
    assert world.told[-1] == (PromiseState.DEAD, "421 too busy")


@pytest.mark.parametrize("answer", [Uncertain("the line went dead"), OSError("the line went dead")])
def test_an_uncertain_errand_is_unknown_and_not_repeated(
    engine: Engine, world: World, answer: Outcome | Exception
) -> None:
    world.answer = answer
    message_id = put()
    engine.run()
    with clock.travelled(timedelta(hours=3)):
        engine.run()
    assert len(world.visits) == 1
    assert read(message_id).state is PromiseState.UNKNOWN


def test_what_began_and_was_never_settled_is_unknown_after_its_lease(engine: Engine, world: World) -> None:
    message_id = put()
    with transaction():
        assert promises.begin(message_id)
    engine.run()
    assert read(message_id).state is PromiseState.BEGUN
    with clock.travelled(promises.BEGUN_FOR + timedelta(seconds=1)):
        engine.run()
    assert (read(message_id).state, world.visits) == (PromiseState.UNKNOWN, [])
    assert world.told[0][0] is PromiseState.UNKNOWN


def test_who_comes_back_late_knows_better_than_who_gave_it_up_for_lost(engine: Engine, world: World) -> None:
    def lease_runs_out() -> None:
        with clock.travelled(promises.BEGUN_FOR + timedelta(seconds=1)):
            engine.relay.turn()
        assert read(message_id).state is PromiseState.UNKNOWN

    world.meanwhile = lease_runs_out
    message_id = put()
    tasks.perform([message_id])
    assert read(message_id).state is PromiseState.DONE


def test_what_is_a_day_late_is_held_for_a_person(engine: Engine, world: World) -> None:
    message_id = put(due_at=clock.now() - timedelta(hours=25))
    engine.run()
    assert (read(message_id).state, world.visits) == (PromiseState.HELD, [])
    assert world.told == [(PromiseState.HELD, "it was due more than a day ago")]


def test_what_is_less_than_a_day_late_still_goes(engine: Engine, world: World) -> None:
    put(due_at=clock.now() - timedelta(hours=23))
    engine.run()
    assert world.visits == ["Ana"]
