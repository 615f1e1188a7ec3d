"""What buy-now links start with in a pipeline, and what follows from them, as an admin sets it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.automation import Automation, TriggerKind
from pipeline.models.pipeline import Pipeline
from pipeline.models.skin import Skin
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def ada(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.ada)


def only() -> Automation:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Automation)).one()


@pytest.fixture
def skin(cast: Cast) -> Skin:
    with transaction():
        skin = Skin(name="Blue")
        db.session.add(skin)
    return skin


def test_days_skin_and_reason_are_kept_and_in_the_history(
    sales: Pipeline, skin: Skin, ada: Visitor, afresh: Callable[[], None]
) -> None:
    reason = factories.win_reasons(sales, "Bought online", required=False)[0]
    address = f"/settings/pipelines/{sales.id}"
    ada.get(address)

    answer = ada.post(f"{address}/buy-now", buy_link_days=30, skin=skin.id, buy_reason=reason.id)

    assert answer.location == address
    afresh()
    known = db.session.get_one(Pipeline, sales.id)
    assert (known.buy_link_days, known.skin, known.buy_reason) == (30, skin, reason)
    page = ada.get(address).text
    assert "days a buy-now link is good for" in page
    assert "win reason of purchases" in page


@pytest.mark.parametrize("days", [0, 366, "", "soon"])
def test_days_without_sense_are_refused_and_nothing_is_saved(sales: Pipeline, ada: Visitor, days: object) -> None:
    ada.get(f"/settings/pipelines/{sales.id}")
    answer = ada.post(f"/settings/pipelines/{sales.id}/buy-now", buy_link_days=days, skin="", buy_reason="")
    assert answer.status_code == 422
    assert db.session.scalar(select(Pipeline.buy_link_days)) == 14


def test_a_reason_for_losing_or_of_another_pipeline_is_no_choice(sales: Pipeline, ada: Visitor) -> None:
    lost = factories.loss_reasons(sales, "Too dear", required=False)[0]
    foreign = factories.win_reasons(factories.sales_pipeline("Another"), "Bought", required=False)[0]
    ada.get(f"/settings/pipelines/{sales.id}")
    for reason in (lost, foreign):
        answer = ada.post(f"/settings/pipelines/{sales.id}/buy-now", buy_link_days=7, skin="", buy_reason=reason.id)
        assert answer.status_code == 422


def test_only_admins_set_it(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    olive = visit(cast.olive)
    olive.get("/today")
    assert olive.post(f"/settings/pipelines/{sales.id}/buy-now", buy_link_days=7).status_code == 403


def test_an_automation_is_made_for_a_purchase_and_named_beside_the_settings(sales: Pipeline, ada: Visitor) -> None:
    page = ada.get(f"/settings/automations/new?pipeline={sales.id}&trigger=purchased").text
    assert '<option selected value="purchased">' in page

    answer = ada.post(
        f"/settings/automations?pipeline={sales.id}", name="Welcome", trigger="purchased", source_id=0, target_id=0
    )

    assert "When a deal is bought through its buy-now link" in ada.get("/settings/automations").text
    assert answer.location in ada.get(f"/settings/pipelines/{sales.id}").text
    made = only()
    assert (made.trigger, made.source, made.target) == (TriggerKind.PURCHASED, None, None)


def test_stages_said_along_with_another_trigger_are_forgotten(sales: Pipeline, ada: Visitor) -> None:
    stage = factories.stage_named(sales, "Engaging")
    ada.get(f"/settings/automations/new?pipeline={sales.id}")
    ada.post(
        f"/settings/automations?pipeline={sales.id}",
        name="Late",
        trigger="buy_expired",
        source_id=stage.id,
        target_id=stage.id,
        only_by_person="y",
    )
    made = only()
    assert (made.source_id, made.target_id, made.only_by_person) == (None, None, False)
