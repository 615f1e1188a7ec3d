"""Processes killed at any line, and a queue emptied again and again: nothing is lost and nothing done twice."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from redis import Redis
from sqlalchemy import func, select

from pipeline.domain import contacts, opportunities, tags
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, Run, Step, StepState
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity, opportunity_tags
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.pipeline import Pipeline
from pipeline.settings import Settings
from pipeline.tasks import queues, schedule
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.house import House, move_all

CARDS = 500
PATIENCE = 600
OPEN = (PromiseState.WAITING, PromiseState.HANDED)


AGAIN_AND_AGAIN = {recurring.task for recurring in schedule.RECURRING}


@pytest.fixture
def house(settings: Settings, valkey: str) -> Iterator[House]:
    house = House(replace(settings, redis_url=valkey))
    yield house
    house.kill_all()


@pytest.fixture
def redis(valkey: str) -> Iterator[Redis]:
    connection = queues.connect(valkey)
    connection.flushall()
    yield connection
    connection.close()


def how_it_stands() -> str:
    promises = db.session.execute(select(OutboxMessage.task, OutboxMessage.state, OutboxMessage.losses)).tuples()
    return f"{Counter(db.session.scalars(select(Step.state)))}; {Counter(promises)}"


def wait_until(come_true: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Ask again and again, until it is so; fail when it takes too long."""
    end = time.monotonic() + patience
    while not come_true():
        assert time.monotonic() < end, f"in vain for {patience} s: {how_it_stands()}"
        time.sleep(0.02)


def count(*conditions: object) -> int:
    db.session.rollback()
    statement = select(func.count(OutboxMessage.id)).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(statement) or 0


def kept() -> int:
    return count(OutboxMessage.state == PromiseState.DONE)


def is_over() -> bool:
    """Whether every card was moved and everything it set off has come to its end."""
    moved = count(OutboxMessage.task == "automation.run_triggers")
    return moved == CARDS and count(OutboxMessage.state.in_(OPEN), OutboxMessage.task.not_in(AGAIN_AND_AGAIN)) == 0


def cards(sales: Pipeline, cast: Cast) -> list[int]:
    with transaction():
        ana = contacts.create("Ana Lima", by=None, email="ana@example.com")
        made = [
            opportunities.create(sales, ana, by=None, owner=cast.olive, via=Via.SYSTEM, stage=sales.first_stage)
            for _ in range(CARDS)
        ]
        db.session.flush()
        return [card.id for card in made]


def rules(sales: Pipeline) -> None:
    with transaction():
        tag = tags.named("moved")
    factories.automation(
        sales,
        (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call")),
        (ActionKind.APPLY_TAG, TagSettings(tag_id=tag.id)),
        (ActionKind.SEND_MAIL, SendMailSettings(template_id=factories.mail_template().id)),
        target="Contacting",
    )


@pytest.mark.long
def test_500_moves_under_fire_lose_nothing_and_repeat_nothing(house: House, redis: Redis, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    rules(sales)
    ids = cards(sales, cast)
    for name in ("relay", "second relay", "inside", "outside"):
        house.start(name)
    house.start("mover", move_all, house.settings, factories.stage_named(sales, "Contacting").id, ids)

    dice = random.Random(7)
    while count(OutboxMessage.task == "automation.run_triggers") < CARDS or house.kills < 15:
        goal = kept() + dice.randint(1, 60)
        wait_until(lambda goal=goal: kept() >= goal or is_over())  # type: ignore[misc]
        victim = dice.choice(("relay", "second relay", "inside", "inside", "outside", "queue"))
        if victim == "queue":
            redis.flushall()
        else:
            house.kill(victim)
            house.start(victim)
        if is_over():
            break
    wait_until(is_over)

    db.session.rollback()
    each_once = Counter(dict.fromkeys(ids, 1))
    assert house.kills >= 8
    assert Counter(db.session.scalars(select(Run.opportunity_id))) == each_once
    assert Counter(db.session.scalars(select(Activity.opportunity_id))) == each_once
    assert Counter(db.session.scalars(select(opportunity_tags.c.opportunity_id))) == each_once
    assert Counter(db.session.scalars(select(Mail.opportunity_id))) == each_once
    states = Counter(db.session.scalars(select(Step.state)))
    assert set(states) <= {StepState.DONE, StepState.BEGUN, StepState.UNKNOWN}
    assert states[StepState.DONE] >= 3 * CARDS - house.kills
    assert {card.version for card in db.session.scalars(select(Opportunity))} == {3}
