"""Undo against the workers: what waits for it never leaves, what was done inside is reversed, what left is named."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock, tasks
from pipeline.domain import activities, interventions, moves, tags, undoing
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.notify_owner import NotifyOwnerSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.domain.readiness import Answers
from pipeline.domain.undoing import Undone
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, Automation, DelayUnit, Step, StepState
from pipeline.models.event import Event
from pipeline.models.mail import Mail, MailState
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.tasks.conftest import Engine

TASK = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call {{ contact.first_name }}", due_in_days=2))
TELL = (ActionKind.NOTIFY_OWNER, NotifyOwnerSettings(text="It moved"))


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(sales: Pipeline, cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Lima", email="ana@example.com")
    return factories.deal(sales, "Books for Ana", contact=ana, owner=cast.olive)


@pytest.fixture
def go(deal: Opportunity, cast: Cast) -> Callable[..., None]:
    def move(to: str, via: Via = Via.DRAG, skips: frozenset[int] = frozenset()) -> None:
        with transaction():
            target = factories.stage_named(deal.pipeline, to)
            moves.move(deal, target, by=cast.olive, via=via, answers=Answers(skips=skips))

    return move


@pytest.fixture
def undo(deal: Opportunity, cast: Cast) -> Callable[[], Undone]:
    def undo() -> Undone:
        with transaction():
            return undoing.undo(deal, by=cast.olive)

    return undo


def mail() -> tuple[ActionKind, SendMailSettings]:
    template = factories.mail_template("Follow-up", subject="Our proposal")
    return ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id)


def tag(name: str) -> TagSettings:
    with transaction():
        return TagSettings(tag_id=tags.named(name).id)


def steps() -> list[Step]:
    return list(db.session.scalars(select(Step).order_by(Step.id)))


def receipts() -> list[str]:
    settled = select(Event).where(Event.kind == "step_settled").order_by(Event.id)
    return [f"{event.particulars['state']}: {event.particulars['receipt']}" for event in db.session.scalars(settled)]


def test_mails_wait_while_the_move_can_be_undone_and_then_leave(
    engine: Engine, sales: Pipeline, go: Callable[..., None]
) -> None:
    factories.automation(sales, TASK, mail(), TELL)
    moved_at = clock.now()
    go("Engaging")
    engine.run()
    assert [step.state for step in steps()] == [StepState.DONE, StepState.WAITING, StepState.WAITING]
    assert {step.held_until for step in steps()[1:]} == {moved_at + timedelta(seconds=30)}
    with clock.frozen(moved_at + timedelta(seconds=30)):
        engine.run()
    assert [step.state for step in steps()] == [StepState.DONE] * 3
    assert {mail.state for mail in db.session.scalars(select(Mail))} == {MailState.SENT}


def test_what_an_automation_moved_waits_for_nobody(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(sales, mail())
    go("Engaging", Via.AUTOMATION)
    engine.run()
    assert [step.state for step in steps()] == [StepState.DONE]


def test_undone_in_time_no_mail_ever_leaves_and_all_else_is_reversed(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], undo: Callable[[], Undone], cast: Cast
) -> None:
    hot, cold, warm = tag("hot"), tag("cold"), tag("warm")
    with transaction():
        tags.wear([tags.named("cold"), tags.named("warm")], deal, by=None)
    factories.automation(
        sales,
        TASK,
        (ActionKind.APPLY_TAG, hot),
        (ActionKind.REMOVE_TAG, cold),
        (ActionKind.APPLY_TAG, warm),
        mail(),
        TELL,
        (ActionKind.CREATE_TASK, CreateTaskSettings(title="Ask {{ contact.first_name }} again"), 182, DelayUnit.DAYS),
    )
    go("Engaging")
    engine.run()
    came_of_it = undo()
    engine.run()
    with clock.frozen(clock.now() + timedelta(days=5)):
        engine.run()
    assert db.session.scalars(select(Mail)).all() == []
    assert db.session.scalars(select(Notification)).all() == []
    assert db.session.scalars(select(Activity).where(Activity.deleted_at.is_(None))).all() == []
    assert [tag.name for tag in deal.tags] == ["cold", "warm"], "what it wore before stays"
    assert (len(came_of_it.taken_back), came_of_it.left) == (6, ())
    assert came_of_it.taken_back[0] == "create the task “Ask Ana again”", "by name, and with no day it was never due on"
    assert receipts()[-6:] == [
        "cancelled: undone by Olive Owner",
        "cancelled: undone by Olive Owner",
        "cancelled: undone by Olive Owner",
        "cancelled: undone by Olive Owner: the tag “cold” was put back",
        "cancelled: undone by Olive Owner: the tag “hot” was removed again",
        "cancelled: undone by Olive Owner: the task “Call Ana” was dropped",
    ]


def test_undone_before_the_worker_came_nothing_is_begun(
    engine: Engine, sales: Pipeline, go: Callable[..., None], undo: Callable[[], Undone]
) -> None:
    factories.automation(sales, TASK, mail())
    go("Engaging")
    engine.relay.turn()
    undo()
    engine.run()
    assert steps() == []


def test_what_had_already_left_or_was_already_done_is_named(
    engine: Engine,
    sales: Pipeline,
    deal: Opportunity,
    go: Callable[..., None],
    undo: Callable[[], Undone],
    cast: Cast,
) -> None:
    factories.automation(sales, TASK, mail())
    go("Engaging")
    engine.run()
    with transaction():
        interventions.retry(steps()[1], by=cast.ada)
        activities.complete(db.session.scalars(select(Activity)).one(), by=cast.olive)
    engine.run()
    left = undo().left
    assert left[0].startswith("The mail “Our proposal” to Ana Lima had already left at ")
    assert left[1:] == ("The task “Call Ana” was done already.",)
    assert deal.stage.name == "New Opportunity"
    assert [step.state for step in steps()] == [StepState.DONE, StepState.DONE]


def test_a_second_undo_reverses_nothing_twice(
    engine: Engine, sales: Pipeline, go: Callable[..., None], undo: Callable[[], Undone]
) -> None:
    factories.automation(sales, TASK)
    go("Engaging")
    engine.run()
    undo()
    said = receipts()
    assert not undo().is_news
    assert receipts() == said


def test_a_skipped_action_is_left_out_this_once_and_the_receipt_says_by_whom(
    engine: Engine, sales: Pipeline, go: Callable[..., None]
) -> None:
    rule: Automation = factories.automation(sales, TASK, mail(), target="Engaging")
    go("Engaging", skips=frozenset({rule.actions[1].id}))
    engine.run()
    assert [step.state for step in steps()] == [StepState.DONE, StepState.SKIPPED]
    assert "skipped: skipped by Olive Owner this once" in receipts()
    go("Qualified")
    go("Engaging")
    engine.run()
    assert [step.state for step in steps()[2:]] == [StepState.DONE, StepState.WAITING]


@pytest.mark.parametrize("turn", range(6))
def test_undo_and_a_worker_at_the_same_instant_agree(
    engine: Engine, app: Flask, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast, turn: int
) -> None:
    """Whoever is first: each step was either taken back or never taken, and nothing of it stands."""
    factories.automation(sales, TASK, (ActionKind.APPLY_TAG, tag("hot")))
    go("Engaging")
    if turn % 2:
        tasks.perform(list(db.session.scalars(select(OutboxMessage.id))))
    waiting = list(db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.state == PromiseState.WAITING)))
    db.session.remove()
    troubles: list[BaseException] = []
    start, deal_id, olive_id = threading.Barrier(2), deal.id, cast.olive.id

    def at_once(act: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            with app.app_context():
                start.wait()
                try:
                    act()
                except BaseException as trouble:
                    troubles.append(trouble)
                finally:
                    db.session.remove()

        return threading.Thread(target=run)

    def undo() -> None:
        with transaction():
            undoing.undo(db.session.get_one(Opportunity, deal_id), by=db.session.get_one(type(cast.olive), olive_id))

    threads = [at_once(undo), at_once(lambda: tasks.perform(waiting))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    engine.run()
    with clock.frozen(clock.now() + timedelta(days=1)):
        engine.run()
    fresh = db.session.get_one(Opportunity, deal_id)
    assert (fresh.stage.name, list(fresh.tags)) == ("New Opportunity", [])
    assert db.session.scalars(select(Activity).where(Activity.deleted_at.is_(None))).all() == []
    assert {step.state for step in steps()} <= {StepState.CANCELLED}
