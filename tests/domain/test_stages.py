"""The stages of a pipeline: names, kinds, order, and that rules go by kind alone."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain import moves, stages
from pipeline.domain.rules import AnswersNeeded, NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Colour, Outcome, Pipeline, StageKind
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def change(pipeline: Pipeline, stage: str, cast: Cast, **values: object) -> list[str]:
    with transaction():
        return stages.change(stage_named(pipeline, stage), by=cast.ada, **values)


def names(pipeline: Pipeline) -> list[str]:
    return [stage.name for stage in pipeline.stages]


def test_a_new_one_stands_before_the_ending_ones(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        made = stages.add(sales, " Contract  sent ", by=cast.ada, probability=90, target_days=5, colour=Colour.TEAL)
    assert names(sales)[4:] == ["Closing", "Contract sent", "Won", "Lost"]
    assert [stage.position for stage in sales.stages] == list(range(8))
    assert (made.name, made.is_active, made.probability) == ("Contract sent", True, 90)


def test_a_parked_one_is_not_active_unless_told(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        made = stages.add(sales, "Delayed", by=cast.ada, kind=StageKind.PARKED)
    assert not made.is_active


@pytest.mark.parametrize("name", ["Closing", "closing ", "", "  ", "x" * 61])
def test_a_name_is_unique_in_its_pipeline_whatever_its_case(sales: Pipeline, cast: Cast, name: str) -> None:
    with pytest.raises(RuleBroken), transaction():
        stages.add(sales, name, by=cast.ada)
    with pytest.raises(RuleBroken):
        change(sales, "Engaging", cast, name=name)
    other = factories.sales_pipeline("Other", template="blank")
    with transaction():
        stages.add(other, "Closing", by=cast.ada)


def test_its_own_name_in_another_case_is_fine(sales: Pipeline, cast: Cast) -> None:
    assert change(sales, "Closing", cast, name="CLOSING") == ["name"]


@pytest.mark.parametrize("values", [{"probability": -1}, {"probability": 101}, {"target_days": -1}])
def test_numbers_out_of_range_are_refused(sales: Pipeline, cast: Cast, values: dict[str, int]) -> None:
    with pytest.raises(RuleBroken):
        change(sales, "Engaging", cast, **values)
    with pytest.raises(RuleBroken), transaction():
        stages.add(sales, "Another", by=cast.ada, **values)


def test_what_changed_is_written_down_with_both_values(sales: Pipeline, cast: Cast) -> None:
    assert change(sales, "Engaging", cast, name="Talking", probability=45) == ["name", "probability"]
    told = db.session.scalars(select(Event).where(Event.kind == "setting_changed")).one()
    assert told.particulars["what"] == "the stage Engaging"
    assert {"field": "probability", "before": "40", "after": "45"} in told.particulars["changes"]


def test_there_is_one_won_and_one_lost_stage_at_most(sales: Pipeline, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Won is the won stage already"):
        change(sales, "Closing", cast, kind=StageKind.WON)
    with pytest.raises(RuleBroken, match="Lost is the lost stage already"), transaction():
        stages.add(sales, "Gone", by=cast.ada, kind=StageKind.LOST)


def test_a_stage_with_deals_neither_becomes_an_ending_nor_stops_being_one(sales: Pipeline, cast: Cast) -> None:
    factories.deal(sales, stage="Won")
    with pytest.raises(RuleBroken, match="1 opportunity stands in Won, whose status would no longer fit"):
        change(sales, "Won", cast, kind=StageKind.WORKING)
    other = factories.sales_pipeline("Reviews", template="feedback")
    factories.deal(other, "a")
    factories.deal(other, "b")
    with pytest.raises(RuleBroken, match="2 opportunities stand in Ask for feedback"):
        change(other, "Ask for feedback", cast, kind=StageKind.WON)
    assert change(other, "Ask for feedback", cast, kind=StageKind.PARKED) == ["kind"]


def test_the_win_stage_can_be_handed_to_another_while_both_are_empty(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        stages.set_ending(sales, Outcome.WON, stage_named(sales, "New Opportunity"), by=cast.ada)
    assert stage_named(sales, "Won").kind is StageKind.WORKING
    assert sales.stage_of_kind(StageKind.WON) is stage_named(sales, "New Opportunity")
    with transaction():
        stages.set_ending(sales, Outcome.WON, None, by=cast.ada)
    assert sales.stage_of_kind(StageKind.WON) is None


def test_active_are_those_that_were_said_and_no_others(sales: Pipeline, cast: Cast) -> None:
    chosen = {"Engaging", "Closing"}
    with transaction():
        stages.activate(sales, [stage_named(sales, name) for name in chosen], by=cast.ada)
    assert {stage.name for stage in sales.stages if stage.is_active} == chosen


@pytest.mark.parametrize(("to", "place"), [(0, 0), (3, 3), (6, 6), (99, 6), (-5, 0)])
def test_a_stage_goes_where_it_is_put(sales: Pipeline, cast: Cast, to: int, place: int) -> None:
    with transaction():
        stages.place(stage_named(sales, "Engaging"), to, by=cast.ada)
    assert names(sales).index("Engaging") == place
    assert [stage.position for stage in sales.stages] == list(range(7))


def test_staying_in_place_writes_nothing_down(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        stages.place(stage_named(sales, "Engaging"), 2, by=cast.ada)
    assert db.session.scalars(select(Event.kind)).all() == ["pipeline_created"]


def test_only_admins_change_stages(sales: Pipeline, cast: Cast) -> None:
    stage = stage_named(sales, "Engaging")
    attempts = (
        lambda: stages.add(sales, "Mine", by=cast.olive),
        lambda: stages.change(stage, by=cast.olive, name="Mine"),
        lambda: stages.place(stage, 0, by=cast.olive),
        lambda: stages.activate(sales, [], by=cast.olive),
        lambda: stages.set_ending(sales, Outcome.WON, None, by=cast.olive),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed), transaction():
            attempt()


def test_renaming_every_stage_changes_nothing(sales: Pipeline, cast: Cast) -> None:
    (reason,) = factories.loss_reasons(sales, "No budget")
    factories.required_item(stage_named(sales, "Engaging"))
    old = {stage.name: stage for stage in sales.stages}
    with transaction():
        for number, stage in enumerate(sales.stages):
            stages.change(stage, by=cast.ada, name=f"Lost {number}" if stage.kind is StageKind.WON else f"Won {number}")
    deal = factories.deal(sales)
    assert deal.stage is old["New Opportunity"]
    go(deal, old["Engaging"])
    with pytest.raises(AnswersNeeded):
        go(deal, old["Closing"])
    with pytest.raises(AnswersNeeded):
        go(deal, old["Lost"])
    with transaction():
        moves.set_status(deal, Status.LOST, by=None, answers=moves.Answers(reason_id=reason.id))
    assert (deal.stage, deal.status) == (old["Lost"], Status.LOST)
    go(deal, old["Won"])
    assert deal.status is Status.WON
    go(deal, old["Contacting"])
    assert deal.status is Status.OPEN


def go(deal, stage) -> None:  # type: ignore[no-untyped-def]
    with transaction():
        moves.move(deal, stage, by=None)
