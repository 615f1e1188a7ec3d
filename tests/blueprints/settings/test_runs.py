"""The page of runs: what waits, what came to grief, and what an admin does about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import automation, beats, moves, outbox
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, DelayUnit, Step, StepState
from pipeline.models.event import Event
from pipeline.models.outbox import Heartbeat, OutboxMessage, PromiseState
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

HERE = "/settings/runs"


@pytest.fixture
def ada(cast: Cast, visit: Callable[[User], Visitor]) -> Visitor:
    return visit(cast.ada)


def set_off(cast: Cast, count: int = 1) -> None:
    """Deals moved, and the automation's run begun, a step of each waiting for tomorrow."""
    sales = factories.sales_pipeline()
    factories.automation(sales, (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call"), 1, DelayUnit.DAYS))
    for number in range(count):
        deal = factories.deal(sales, f"Deal {number}", owner=cast.olive)
        with transaction():
            moves.move(deal, factories.stage_named(sales, "Contacting"), by=cast.olive)
    with transaction():
        for event in db.session.scalars(select(Event).where(Event.kind == "opportunity_moved").order_by(Event.id)):
            automation.react_to(event)


def step() -> Step:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Step)).one()


def test_a_waiting_step_is_listed_and_can_be_skipped(cast: Cast, ada: Visitor) -> None:
    set_off(cast)
    assert "create the task “Call”" in ada.get(f"{HERE}?show=waiting").text
    assert "create the task “Call”" not in ada.get(f"{HERE}?show=trouble").text
    assert ada.post(f"{HERE}/steps/{step().id}/skipping").status_code == 303
    assert (step().state, step().receipt) == (StepState.SKIPPED, "skipped by Ada Admin")
    assert ada.post(f"{HERE}/steps/{step().id}/skipping").status_code == 422


def test_a_waiting_step_can_be_done_now(cast: Cast, ada: Visitor) -> None:
    set_off(cast)
    assert ada.post(f"{HERE}/steps/{step().id}/retrial").status_code == 303
    message = step().message
    assert message is not None
    assert message.due_at <= clock.now()


def test_dead_work_of_other_kinds_is_shown_with_its_payload_and_can_be_retried_or_skipped(ada: Visitor) -> None:
    with transaction():
        for _ in range(2):
            message = outbox.put("notifications.tell_shared", event_id=9)
            message.state, message.last_error, message.attempts = PromiseState.DEAD, "ValueError: no", 6
    page = ada.get(HERE).text
    assert "notifications.tell_shared" in page
    assert "ValueError: no" in page
    first, second = db.session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)).all()
    assert ada.post(f"{HERE}/promises/{first}/retrial").status_code == 303
    assert ada.post(f"{HERE}/promises/{second}/skipping").status_code == 303
    db.session.rollback()
    states = {row.id: row.state for row in db.session.execute(select(OutboxMessage.id, OutboxMessage.state))}
    assert states == {first: PromiseState.WAITING, second: PromiseState.CANCELLED}
    assert ada.post(f"{HERE}/promises/{second}/retrial").status_code == 422


def test_an_admin_is_told_when_nobody_does_the_work(cast: Cast, ada: Visitor, visit: Callable[[User], Visitor]) -> None:
    assert "sign of life" not in ada.get("/board").text, "a page asks nothing for this; the bell does"
    assert ada.get(HERE).text.count("no relay and no worker") == 1
    assert "Nothing is being done" in ada.get("/notifications/bell", htmx=True).text
    assert "Nothing is being done" not in visit(cast.olive).get("/notifications/bell", htmx=True).text
    with transaction():
        for role in (beats.RELAY, beats.WORKER):
            db.session.add(Heartbeat(process=role, role=role, beat_at=clock.real()))
    assert "sign of life" in ada.get("/board").text, "what was told stays on every page until it is known to be over"
    assert "sign of life" not in ada.get("/notifications/bell?known=0-relay-worker", htmx=True).text
    assert "sign of life" not in ada.get("/board").text
    with transaction():
        for beat in db.session.scalars(select(Heartbeat)):
            beat.beat_at = clock.real() - timedelta(minutes=3)
    assert "no relay and no worker" in ada.get(HERE).text
    assert "no relay and no worker" in ada.get("/board").text


def test_the_page_asks_as_much_for_one_step_as_for_many(cast: Cast, ada: Visitor) -> None:
    set_off(cast)
    ada.get(HERE)
    with statements() as few:
        ada.get(HERE)
    with transaction():
        for _ in range(30):
            db.session.add(_another(step_like=db.session.scalars(select(Step)).first()))
    with statements() as many:
        ada.get(HERE)
    assert len(many) == len(few)


def _another(step_like: Step | None) -> Step:
    assert step_like is not None
    position = len(step_like.run.steps)
    return Step(
        run=step_like.run,
        position=position,
        kind=step_like.kind,
        settings=step_like.settings,
        description=f"step {position}",
        due_at=step_like.due_at,
        state=StepState.WAITING,
    )


def test_reps_get_403(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    assert visit(cast.olive).get(HERE).status_code == 403
    assert visit(cast.olive).post(f"{HERE}/steps/1/retrial").status_code == 403
