"""Links whose time comes all at once end within a minute, each once, whatever happens to the relay."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import func, insert, select

from pipeline import clock
from pipeline.domain import buy_links, outbox
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, TriggerKind
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.settings import Settings
from pipeline.tasks import queues, schedule
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.house import House
from tests.tasks.conftest import Engine

LINKS = 1000
A_MINUTE = 60


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


def many_links(cast: Cast, due: datetime) -> list[int]:
    """A thousand deals with a link each, written at once, with the promise that is made with a link."""
    factories.many_deals(factories.sales_pipeline(), LINKS, owner=cast.olive)
    deals = db.session.scalars(select(Opportunity.id).order_by(Opportunity.id)).all()
    row = {"state": LinkState.ACTIVE, "currency": "USD", "net": 100, "message": "", "expires_at": due}
    row["created_at"] = clock.now()
    links = [row | {"opportunity_id": deal, "token": f"t{deal}", "token_hash": f"h{deal}"} for deal in deals]
    with transaction():
        ids = list(db.session.scalars(insert(BuyLink).returning(BuyLink.id), links))
        for _ in links:
            outbox.put(buy_links.EXPIRE, due_at=due)
    return ids


def expired() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(BuyLink.id)).where(BuyLink.state == LinkState.EXPIRED)) or 0


def wait_for(count: int, until: float) -> None:
    while expired() < count:
        assert time.monotonic() < until, f"only {expired()} of {count} expired in time"
        time.sleep(0.02)


def told() -> Counter[int]:
    history = select(Event.particulars).where(Event.kind == "buy_link_expired")
    return Counter(particulars["link_id"] for particulars in db.session.scalars(history))


def test_1000_links_of_one_minute_end_within_the_next_though_the_relay_is_killed(
    house: House, redis: Redis, cast: Cast
) -> None:
    begin = clock.now() + timedelta(seconds=1)
    ids = many_links(cast, begin)
    house.start("relay")
    house.start("inside")
    until = time.monotonic() + A_MINUTE
    for some in (50, 500):
        wait_for(some, until)
        house.kill("relay")
        house.start("relay")
    wait_for(LINKS, until)

    assert house.kills == 2
    assert told() == Counter(dict.fromkeys(ids, 1))
    last = db.session.scalar(select(func.max(BuyLink.ended_at)))
    assert last is not None
    assert last - begin < timedelta(seconds=A_MINUTE)
    print(f"{LINKS} links expired within {(last - begin).total_seconds():.2f} s")


def test_the_sweep_ends_what_no_promise_was_kept_for(engine: Engine, cast: Cast) -> None:
    ids = many_links(cast, clock.now() + timedelta(minutes=1))
    with transaction():
        outbox.cancel_all(OutboxMessage.task == buy_links.EXPIRE)
    engine.relay.turn()
    with clock.travelled(timedelta(minutes=2)):
        engine.run()
    assert told() == Counter(dict.fromkeys(ids, 1))


def test_it_is_swept_every_minute_and_once_more_as_long_as_there_is_much(engine: Engine) -> None:
    engine.relay.turn()
    waiting = select(OutboxMessage).where(OutboxMessage.task == buy_links.EXPIRE)
    (sweep,) = db.session.scalars(waiting.where(OutboxMessage.state == PromiseState.WAITING))
    assert sweep.due_at - clock.now() <= timedelta(minutes=1)
    assert buy_links.EXPIRE in {recurring.task for recurring in schedule.RECURRING}


def test_what_it_set_off_runs_once_a_link(engine: Engine, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    call = CreateTaskSettings(title="Call about the offer")
    factories.automation(sales, (ActionKind.CREATE_TASK, call), trigger=TriggerKind.BUY_EXPIRED)
    deal = factories.deal(sales, owner=cast.olive)
    link = factories.buy_link(deal, by=cast.olive)
    with clock.frozen(link.expires_at):
        engine.run()
        engine.run()
    db.session.rollback()
    assert told() == Counter({link.id: 1})
    assert db.session.scalars(select(Activity.title)).all() == ["Call about the offer"]
