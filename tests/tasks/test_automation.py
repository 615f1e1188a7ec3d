"""From a move to what follows from it, through the relay and a worker: each step once, each with its receipt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import automation, automations, events, interventions, moves, opportunities, tags
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.notify_owner import NotifyOwnerSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, DelayUnit, Run, Step, StepState
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


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    factories.no_undo()
    return factories.sales_pipeline()


@pytest.fixture
def deal(sales: Pipeline, cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Lima", email="ana@example.com")
    return factories.deal(sales, "Books for Ana", contact=ana, owner=cast.olive)


@pytest.fixture
def go(deal: Opportunity, cast: Cast) -> Callable[..., None]:
    def move(to: str, via: Via = Via.MENU) -> None:
        with transaction():
            moves.move(deal, factories.stage_named(deal.pipeline, to), by=cast.olive, via=via)

    return move


def tag(name: str) -> TagSettings:
    with transaction():
        return TagSettings(tag_id=tags.named(name).id)


def steps() -> list[Step]:
    return list(db.session.scalars(select(Step).order_by(Step.id)))


def receipts(kind: str = "step_settled") -> list[str]:
    history = select(Event).where(Event.kind == kind).order_by(Event.id)
    return [event.particulars["receipt"] for event in db.session.scalars(history)]


def test_a_move_does_all_that_hangs_on_it_and_leaves_receipts(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast
) -> None:
    template = factories.mail_template(subject="For {{ contact.first_name }}", body="From **{{ owner.name }}**")
    factories.automation(
        sales,
        TASK,
        (ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id)),
        (ActionKind.APPLY_TAG, tag("hot")),
        (ActionKind.NOTIFY_OWNER, NotifyOwnerSettings(text="{{ opportunity.title }} wants you")),
        target="Contacting",
    )
    go("Contacting")
    engine.run()
    task = db.session.scalars(select(Activity)).one()
    assert (task.title, task.assignee, task.due_on) == ("Call Ana", cast.olive, clock.days_from_today(2, cast.olive))
    assert [worn.name for worn in deal.tags] == ["hot"]
    mail = db.session.scalars(select(Mail).where(Mail.to_address == "ana@example.com")).one()
    assert (mail.state, mail.subject, mail.text) == (MailState.SENT, "For Ana", "From **Olive Owner**")
    assert "<strong>Olive Owner</strong>" in mail.html
    told = db.session.scalars(select(Notification)).one()
    assert (told.user, told.text) == (cast.olive, "Books for Ana wants you")
    assert db.session.scalar(select(Mail.state).where(Mail.to_address == cast.olive.email)) is MailState.SENT
    assert {step.state for step in steps()} == {StepState.DONE}
    assert set(receipts()) == {
        "task “Call Ana” for Olive Owner",
        "“For Ana” sent to ana@example.com",
        "tag “hot” applied",
        "Olive Owner was told: Books for Ana wants you",
    }


def test_the_same_event_starts_a_run_once(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(sales, TASK)
    go("Contacting")
    engine.run()
    moved = db.session.scalars(select(Event).where(Event.kind == "opportunity_moved")).one()
    with transaction():
        assert automation.react_to(moved) == []
    assert len(steps()) == 1


@pytest.mark.parametrize(
    ("sides", "fires"),
    [
        ((None, None), True),
        (("New Opportunity", None), True),
        ((None, "Contacting"), True),
        (("New Opportunity", "Contacting"), True),
        (("Engaging", "Contacting"), False),
        (("New Opportunity", "Engaging"), False),
        (("Contacting", None), False),
    ],
)
def test_a_rule_fires_for_the_move_it_names(
    engine: Engine, go: Callable[..., None], deal: Opportunity, sides: tuple[str | None, str | None], fires: bool
) -> None:
    factories.automation(deal.pipeline, TASK, source=sides[0], target=sides[1])
    go("Contacting")
    engine.run()
    assert bool(steps()) is fires


def test_a_rule_for_peoples_moves_lets_others_pass(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(sales, TASK, only_by_person=True)
    go("Contacting", via=Via.API)
    engine.run()
    assert steps() == []
    go("Engaging", via=Via.DRAG)
    engine.run()
    assert len(steps()) == 1


def test_a_rule_of_another_pipeline_and_one_that_is_off_do_nothing(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(factories.sales_pipeline("Other"), TASK)
    off = factories.automation(sales, TASK)
    with transaction():
        automations.switch_off(off, by=None)
    go("Contacting")
    engine.run()
    assert steps() == []


def test_entering_again_fires_again(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(sales, TASK, target="Contacting")
    for stage in ("Contacting", "Engaging", "Contacting"):
        go(stage)
    engine.run()
    assert len(db.session.scalars(select(Run)).all()) == 2


def test_a_delayed_step_waits_and_keeps_the_settings_it_began_with(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    rule = factories.automation(sales, (*TASK, 3, DelayUnit.DAYS))
    go("Contacting")
    engine.run()
    with transaction():
        automations.change_action(
            rule.actions[0], CreateTaskSettings(title="Other"), delay=0, unit=DelayUnit.MINUTES, by=None
        )
    with clock.travelled(timedelta(days=2, hours=23)):
        engine.run()
    assert db.session.scalars(select(Activity)).all() == []
    with clock.travelled(timedelta(days=3, minutes=1)):
        engine.run()
    assert db.session.scalars(select(Activity)).one().title == "Call Ana"


def test_no_mail_address_suppresses_the_mail_and_says_so(engine: Engine, sales: Pipeline, cast: Cast) -> None:
    template = factories.mail_template()
    factories.automation(sales, (ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id)))
    deal = factories.deal(sales, "Acme", owner=cast.olive)
    with transaction():
        moves.move(deal, factories.stage_named(sales, "Contacting"), by=cast.olive)
    engine.run()
    assert [step.state for step in steps()] == [StepState.SUPPRESSED]
    assert receipts() == ["Acme person has no mail address"]
    assert db.session.scalars(select(Mail)).all() == []


def test_a_deleted_opportunity_cancels_what_was_to_be_done(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast
) -> None:
    factories.automation(sales, (*TASK, 1, DelayUnit.HOURS))
    go("Contacting")
    engine.run()
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    with clock.travelled(timedelta(hours=2)):
        engine.run()
    assert [(step.state, step.receipt) for step in steps()] == [(StepState.CANCELLED, "the opportunity was deleted")]


def test_a_rule_broken_by_a_step_fails_that_step_alone_and_it_can_be_tried_again(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast
) -> None:
    factories.automation(sales, TASK, (ActionKind.APPLY_TAG, tag("hot")))
    with transaction():
        cast.olive.is_active = False
    go_as_ada = factories.stage_named(sales, "Contacting")
    with transaction():
        moves.move(deal, go_as_ada, by=cast.ada)
    engine.run()
    failed, applied = steps()
    assert (failed.state, applied.state) == (StepState.FAILED, StepState.DONE)
    assert "Olive Owner cannot sign in any more" in (failed.receipt or "")
    with transaction():
        cast.olive.is_active = True
        interventions.retry(failed, by=cast.ada)
    engine.run()
    assert steps()[0].state is StepState.DONE


def test_a_chain_deeper_than_five_is_refused_and_says_so(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None]
) -> None:
    factories.automation(sales, (ActionKind.APPLY_TAG, tag("hot")))
    go("Contacting")
    moved = db.session.scalars(select(Event).where(Event.kind == "opportunity_moved")).one()
    with transaction():
        db.session.get_one(Event, moved.id).depth = events.DEEPEST
    engine.run()
    [step] = steps()
    assert step.state is StepState.FAILED
    assert "the 6th in a row" in (step.receipt or "")
    assert deal.tags == []


def test_skipping_takes_a_step_back_and_says_who_did(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast
) -> None:
    factories.automation(sales, (*TASK, 1, DelayUnit.DAYS))
    go("Contacting")
    engine.run()
    with transaction():
        interventions.skip(steps()[0], by=cast.ada)
    with clock.travelled(timedelta(days=2)):
        engine.run()
    assert [(step.state, step.receipt) for step in steps()] == [(StepState.SKIPPED, "skipped by Ada Admin")]
    assert db.session.scalars(select(Activity)).all() == []
    with pytest.raises(RuleBroken), transaction():
        interventions.skip(steps()[0], by=cast.ada)


def test_switching_off_lets_pending_steps_go_on_unless_they_are_to_be_cancelled(
    engine: Engine, sales: Pipeline, deal: Opportunity, go: Callable[..., None], cast: Cast
) -> None:
    rule = factories.automation(sales, (*TASK, 1, DelayUnit.DAYS))
    go("Contacting")
    engine.run()
    with transaction():
        assert automations.switch_off(rule, by=cast.ada) == 0
    assert automations.pending_count(rule) == 1
    with transaction():
        assert automations.archive(rule, by=cast.ada) == 1
    assert [step.state for step in steps()] == [StepState.CANCELLED]
    still_promised = select(OutboxMessage.id).where(
        OutboxMessage.opportunity_id == deal.id, OutboxMessage.state == PromiseState.WAITING
    )
    assert db.session.scalars(still_promised).all() == []
