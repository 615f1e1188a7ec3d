"""What would follow from a move, said before it is made."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import automation, automations, installation, tags
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.notify_owner import NotifyOwnerSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Automation, DelayUnit
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named
from tests.support.counting import statements

MONDAY = datetime(2026, 3, 9, 14, 10, tzinfo=UTC)
CALL = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call {{ contact.first_name }}", due_in_days=1))


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(sales: Pipeline, cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Silva", email="ana@example.com", time_zone="Europe/Helsinki")
    return factories.deal(sales, "Acme", contact=ana, owner=cast.olive)


def rule(sales: Pipeline, target: str = "Engaging", **options: object) -> Automation:
    template = factories.mail_template("Proposal follow-up")
    with transaction():
        hot = TagSettings(tag_id=tags.named("hot").id)
    return factories.automation(
        sales,
        (ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id)),
        CALL,
        (ActionKind.CREATE_TASK, CreateTaskSettings(title="Again", due_in_days=None), 3, DelayUnit.DAYS),
        (ActionKind.APPLY_TAG, hot),
        (ActionKind.REMOVE_TAG, hot),
        (ActionKind.NOTIFY_OWNER, NotifyOwnerSettings(text="{{ opportunity.title }} moves")),
        target=target,
        **options,  # type: ignore[arg-type]
    )


def sentences(deal: Opportunity, to: str) -> list[str]:
    with clock.frozen(MONDAY):
        return [one.sentence for one in automation.foreseen(deal, stage_named(deal.pipeline, to))]


def test_each_kind_of_action_says_what_it_would_do_for_this_very_deal(sales: Pipeline, deal: Opportunity) -> None:
    rule(sales)
    assert sentences(deal, "Engaging") == [
        "Sends “Proposal follow-up” to Ana Silva today 4:10\N{NARROW NO-BREAK SPACE}PM, their time",
        "Creates the task “Call Ana” for Olive Owner, due tomorrow",
        "Creates the task “Again” for Olive Owner, Thursday 2:10\N{NARROW NO-BREAK SPACE}PM",
        "Applies the tag “hot”",
        "Removes the tag “hot”, which it does not wear",
        "Tells Olive Owner “Acme moves”",
    ]


def test_what_could_not_be_done_is_foreseen_too(sales: Pipeline, deal: Opportunity) -> None:
    rule(sales)
    with transaction():
        deal.contact.email = None
        deal.owner = None
        tags.apply(tags.named("hot"), deal, by=None)
    found = sentences(deal, "Engaging")
    assert found[0] == "Does not send “Proposal follow-up”: Ana Silva has no mail address"
    assert found[1].startswith("Creates the task “Call Ana” for nobody")
    assert found[3] == "Applies the tag “hot”, which it wears already"
    assert found[5] == "Tells nobody: it has no owner"


@pytest.mark.parametrize("to", ["New Opportunity", "Qualified"])
def test_nothing_follows_from_staying_or_going_elsewhere(sales: Pipeline, deal: Opportunity, to: str) -> None:
    rule(sales)
    assert sentences(deal, to) == []


def test_what_is_off_or_starts_elsewhere_is_not_foreseen(sales: Pipeline, deal: Opportunity) -> None:
    factories.automation(sales, CALL, source="Closing", name="Elsewhere")
    off = factories.automation(sales, CALL, name="Off")
    with transaction():
        automations.switch_off(off, by=None)
    assert sentences(deal, "Engaging") == []


def test_looking_changes_nothing_and_costs_no_more_for_more_automations(sales: Pipeline, deal: Opportunity) -> None:
    factories.automation(sales, CALL, target="Engaging")
    with transaction():
        installation.kept()
    counts = []
    for number in range(2):
        db.session.rollback()
        with statements() as asked:
            assert len(automation.foreseen_everywhere(deal, sales.stages)) == 7
        counts.append(len(asked))
        factories.automation(sales, CALL, target="Qualified", name=f"Another {number}")
    assert counts[1] <= counts[0]
    assert all(statement.startswith("SELECT") for statement in asked)
    assert [event.kind for event in db.session.scalars(select(Event))].count("step_settled") == 0
