"""Pipelines: started from a template, changed by admins, put away when nothing is open in them."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain import moves, pipelines
from pipeline.domain.pipeline_templates import TEMPLATES
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Pipeline, StageKind
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def change(pipeline: Pipeline, cast: Cast, **values: object) -> list[str]:
    with transaction():
        return pipelines.change(pipeline, by=cast.ada, **values)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_one_has_the_stages_of_its_template(app: Flask, cast: Cast, template: str) -> None:
    with transaction():
        made = pipelines.create("New business", currency="EUR", by=cast.ada, template=template)
    assert [stage.name for stage in made.stages] == [sketch.name for sketch in TEMPLATES[template].stages]
    assert [stage.position for stage in made.stages] == list(range(len(made.stages)))
    assert all(stage.is_active == (stage.kind is StageKind.WORKING) for stage in made.stages)
    assert made.is_default


@pytest.mark.parametrize("name", ["Sales", " sales ", "", " ", "x" * 61])
def test_a_name_that_is_taken_empty_or_overlong_is_refused(sales: Pipeline, name: str) -> None:
    with pytest.raises(RuleBroken):
        factories.sales_pipeline(name)


def test_letters_beyond_ascii_are_the_same_in_both_cases(app: Flask) -> None:
    factories.sales_pipeline("ÜBER")
    with pytest.raises(RuleBroken, match="called ÜBER already"):
        factories.sales_pipeline("über")


def test_renaming_changes_nothing_else_and_says_what_it_was(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales)
    assert change(sales, cast, name="  New   business ") == ["name"]
    assert (sales.name, deal.version) == ("New business", 1)
    told = db.session.scalars(select(Event).where(Event.kind == "setting_changed")).one()
    assert told.particulars["changes"] == [{"field": "name", "before": "Sales", "after": "New business"}]
    assert told.actor_id == cast.ada.id


def test_saving_the_same_again_writes_nothing_down(sales: Pipeline, cast: Cast) -> None:
    assert change(sales, cast, name="Sales", currency="USD") == []
    assert db.session.scalars(select(Event.kind)).all() == ["pipeline_created"]


def test_the_currency_changes_until_there_are_deals(sales: Pipeline, cast: Cast) -> None:
    assert change(sales, cast, currency="EUR") == ["currency"]
    factories.deal(sales)
    with pytest.raises(RuleBroken, match="an opportunity in Sales already count in EUR"):
        change(sales, cast, currency="USD")
    with pytest.raises(RuleBroken, match="is not a currency"):
        change(factories.sales_pipeline("Other"), cast, currency="XXL")


def test_a_reason_is_required_only_once_there_is_one_to_choose(sales: Pipeline, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Add a loss reason before you require one"):
        change(sales, cast, requires_loss_reason=True)
    factories.loss_reasons(sales, "No budget", required=False)
    change(sales, cast, requires_loss_reason=True)
    assert sales.requires_loss_reason


def test_new_deals_start_in_the_default_stage_which_is_no_ending_and_no_strangers(sales: Pipeline, cast: Cast) -> None:
    change(sales, cast, default_stage=stage_named(sales, "Engaging"))
    assert factories.deal(sales).stage.name == "Engaging"
    other = factories.sales_pipeline("Other")
    for wrong in (stage_named(sales, "Won"), stage_named(other, "Engaging")):
        with pytest.raises(RuleBroken):
            change(sales, cast, default_stage=wrong)
    change(sales, cast, default_stage=None)
    assert factories.deal(sales, "Next").stage.name == "New Opportunity"


def test_there_is_one_default(sales: Pipeline, cast: Cast) -> None:
    other = factories.sales_pipeline("Other")
    with transaction():
        pipelines.make_default(other, by=cast.ada)
    assert (sales.is_default, other.is_default) == (False, True)


def test_archiving_waits_for_open_deals_and_keeps_what_is_closed(sales: Pipeline, cast: Cast) -> None:
    other = factories.sales_pipeline("Other")
    deal = factories.deal(other)
    with pytest.raises(RuleBroken, match="default pipeline"):
        archive(sales, cast)
    with pytest.raises(RuleBroken, match="Other still has 1 open opportunity"):
        archive(other, cast)
    with transaction():
        moves.set_status(deal, Status.ABANDONED, by=None)
    archive(other, cast)
    assert deal.pipeline.archived_at is not None
    with pytest.raises(RuleBroken, match="is archived; bring it back"):
        change(other, cast, name="Anything")
    with transaction():
        pipelines.restore(other, by=cast.ada)
    assert other.archived_at is None


def test_only_admins_set_up_pipelines(sales: Pipeline, cast: Cast) -> None:
    attempts = (
        lambda: pipelines.create("Mine", currency="USD", by=cast.olive),
        lambda: pipelines.change(sales, by=cast.olive, name="Mine"),
        lambda: pipelines.make_default(sales, by=cast.olive),
        lambda: pipelines.archive(sales, by=cast.olive),
        lambda: pipelines.restore(sales, by=cast.olive),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="Only an administrator"), transaction():
            attempt()


def archive(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        pipelines.archive(pipeline, by=cast.ada)
