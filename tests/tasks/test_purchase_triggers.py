"""What follows from a buy-now link, by the same automations as from a move: clicked, bought, expired."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.domain import events, stage_retirement
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.buying_facts import BuyLinkClicked, BuyLinkExpired, OpportunityPurchased
from pipeline.domain.facts import Fact
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, Automation, TriggerKind
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.tasks.conftest import Engine

THANK = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Say thank you"))
CLICKED = BuyLinkClicked(link_id=1)
EXPIRED = BuyLinkExpired(link_id=1, total=12_000, currency="USD")
PURCHASED = OpportunityPurchased(link_id=1, order_id=1, number=1, payment_id=1, total=12_000, currency="USD")
FACTS = {
    TriggerKind.BUY_CLICKED: (CLICKED, Via.PURCHASE),
    TriggerKind.PURCHASED: (PURCHASED, Via.PURCHASE),
    TriggerKind.BUY_EXPIRED: (EXPIRED, Via.SCHEDULE),
}


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(sales: Pipeline, cast: Cast) -> Opportunity:
    return factories.deal(sales, "Books for Ana", owner=cast.olive)


@pytest.fixture
def happens(deal: Opportunity, engine: Engine) -> Callable[[Fact, Via], list[str]]:
    def record(fact: Fact, via: Via) -> list[str]:
        with transaction():
            events.record(fact, about=deal, by=None, via=via)
        engine.run()
        return list(db.session.scalars(select(Activity.title).order_by(Activity.id)))

    return record


@pytest.mark.parametrize("kind", FACTS)
def test_a_rule_fires_for_what_it_names_and_for_nothing_else(
    sales: Pipeline, happens: Callable[[Fact, Via], list[str]], kind: TriggerKind
) -> None:
    factories.automation(sales, THANK, trigger=kind)
    for other in FACTS.keys() - {kind}:
        assert happens(*FACTS[other]) == []
    assert happens(*FACTS[kind]) == ["Say thank you"]


def test_it_fires_in_its_own_pipeline_only(happens: Callable[[Fact, Via], list[str]]) -> None:
    factories.automation(factories.sales_pipeline("Another"), THANK, trigger=TriggerKind.PURCHASED)
    assert happens(*FACTS[TriggerKind.PURCHASED]) == []


def test_a_retired_stage_leaves_what_follows_from_purchases_alone(sales: Pipeline, cast: Cast) -> None:
    made = factories.automation(sales, THANK, trigger=TriggerKind.PURCHASED)
    with transaction():
        stage_retirement.retire(
            factories.stage_named(sales, "Engaging"), factories.stage_named(sales, "Contacting"), by=cast.ada
        )
    assert db.session.get_one(Automation, made.id).is_on
