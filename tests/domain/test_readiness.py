"""What a move asks before it happens: required items of the stage it leaves, and a reason for how it ends."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline.domain import checklist_templates, checklists, moves, opportunities, reasons
from pipeline.domain.readiness import NONE, Answers
from pipeline.domain.rules import AnswersNeeded, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Pipeline, StageKind
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named

BY_PEOPLE_AND_PROGRAMS = [via for via in Via if via is not Via.PURCHASE]
ASKED_FOR_TICKS = [via for via in Via if via not in {Via.PURCHASE, Via.AUTOMATION, Via.SYSTEM}]


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def move(deal: Opportunity, to: str, answers: Answers = NONE, via: Via = Via.MENU) -> None:
    with transaction():
        moves.move(deal, stage_named(deal.pipeline, to), by=None, answers=answers, via=via)


def parked(pipeline: Pipeline, name: str) -> None:
    with transaction():
        stage_named(pipeline, name).kind = StageKind.PARKED


@pytest.mark.parametrize("via", BY_PEOPLE_AND_PROGRAMS)
def test_a_move_to_lost_without_a_required_reason_changes_nothing(
    sales: Pipeline, via: Via, afresh: Callable[[], None]
) -> None:
    factories.loss_reasons(sales, "No budget", "Bad timing")
    deal = factories.deal(sales)
    facts = db.session.scalar(select(func.count(Event.id)))
    with pytest.raises(AnswersNeeded, match="choose a loss reason") as asked:
        move(deal, "Lost", via=via)
    assert [reason.text for reason in asked.value.questions.reasons] == ["No budget", "Bad timing"]
    afresh()
    assert (deal.stage.name, deal.status, deal.version) == ("New Opportunity", Status.OPEN, 1)
    assert db.session.scalar(select(func.count(Event.id))) == facts


def test_a_purchase_needs_no_reason(sales: Pipeline) -> None:
    factories.win_reasons(sales, "Best price")
    deal = factories.deal(sales)
    move(deal, "Won", via=Via.PURCHASE)
    assert (deal.status, deal.reason) == (Status.WON, None)


def test_setting_the_status_asks_as_the_move_does(sales: Pipeline) -> None:
    (reason,) = factories.loss_reasons(sales, "No budget")
    deal = factories.deal(sales)
    with pytest.raises(AnswersNeeded), transaction():
        moves.set_status(deal, Status.LOST, by=None)
    with transaction():
        moves.set_status(deal, Status.LOST, by=None, answers=Answers(reason_id=reason.id))
    assert (deal.stage.name, deal.reason) == ("Lost", reason)


def test_an_ending_in_place_asks_too(app: Flask) -> None:
    reviews = factories.sales_pipeline("Reviews", template="feedback")
    factories.win_reasons(reviews, "Happy")
    deal = factories.deal(reviews)
    with pytest.raises(AnswersNeeded), transaction():
        moves.set_status(deal, Status.WON, by=None)
    assert deal.status is Status.OPEN


def test_beginning_in_the_lost_stage_asks_too(sales: Pipeline, cast: Cast) -> None:
    factories.loss_reasons(sales, "No budget")
    ana = factories.contact("Ana Lima")
    with pytest.raises(AnswersNeeded), transaction():
        opportunities.create(sales, ana, by=cast.olive, stage=stage_named(sales, "Lost"))
    assert db.session.scalar(select(func.count(Opportunity.id))) == 0


def test_reasons_of_another_list_or_archived_ones_are_no_answer(sales: Pipeline, cast: Cast) -> None:
    (win,) = factories.win_reasons(sales, "Best price", required=False)
    gone, _ = factories.loss_reasons(sales, "No budget", "Bad timing")
    with transaction():
        reasons.archive(gone, by=cast.ada)
    deal = factories.deal(sales)
    for wrong in (win.id, gone.id, 10**6):
        with pytest.raises(RuleBroken, match="not one of this pipeline's reasons"):
            move(deal, "Lost", Answers(reason_id=wrong))
    assert deal.is_open


@pytest.mark.parametrize("via", ASKED_FOR_TICKS)
def test_a_required_item_holds_it_back_from_a_later_working_stage_and_from_won(sales: Pipeline, via: Via) -> None:
    factories.required_item(stage_named(sales, "Contacting"))
    deal = factories.deal(sales, stage="Contacting")
    for later in ("Engaging", "Closing", "Won"):
        with pytest.raises(AnswersNeeded, match="tick “Budget confirmed”"):
            move(deal, later, via=via)
    assert (deal.stage.name, deal.version) == ("Contacting", 1)


@pytest.mark.parametrize("to", ["New Opportunity", "Qualified", "Lost"])
def test_moves_back_to_parked_and_to_lost_are_free(sales: Pipeline, to: str) -> None:
    parked(sales, "Qualified")
    factories.required_item(stage_named(sales, "Contacting"))
    deal = factories.deal(sales, stage="Contacting")
    move(deal, to)
    assert deal.stage.name == to


@pytest.mark.parametrize("via", [Via.PURCHASE, Via.AUTOMATION, Via.SYSTEM])
def test_the_house_itself_is_not_held_back(sales: Pipeline, via: Via) -> None:
    factories.required_item(stage_named(sales, "Contacting"))
    deal = factories.deal(sales, stage="Contacting")
    move(deal, "Closing", via=via)
    assert deal.stage.name == "Closing"


def test_an_optional_item_holds_nothing_back(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        checklist_templates.add(stage_named(sales, "Contacting"), "Nice to have", by=cast.ada)
    deal = factories.deal(sales, stage="Contacting")
    move(deal, "Engaging")
    assert deal.stage.name == "Engaging"


def test_ticks_can_come_with_the_move_and_stay_when_it_comes_back(sales: Pipeline, cast: Cast) -> None:
    item = factories.required_item(stage_named(sales, "Contacting"))
    deal = factories.deal(sales, stage="Contacting", owner=cast.olive)
    with transaction():
        moves.move(deal, stage_named(sales, "Engaging"), by=cast.olive, answers=Answers(ticks=frozenset({item.id})))
    (tick,) = deal.ticks
    assert (tick.text, tick.ticked_by, tick.item_id) == ("Budget confirmed", cast.olive, item.id)
    move(deal, "Contacting")
    move(deal, "Engaging")
    assert deal.stage.name == "Engaging"


def test_unticking_holds_it_back_again(sales: Pipeline) -> None:
    item = factories.required_item(stage_named(sales, "Contacting"))
    deal = factories.deal(sales, stage="Contacting")
    with transaction():
        checklists.tick(deal, item, by=None)
    with transaction():
        checklists.untick(deal, item, by=None)
    with pytest.raises(AnswersNeeded):
        move(deal, "Engaging")


def test_one_question_asks_for_everything_that_is_missing(sales: Pipeline) -> None:
    factories.win_reasons(sales, "Best price")
    closing = stage_named(sales, "Closing")
    one, two = factories.required_item(closing, "Terms agreed"), factories.required_item(closing, "Price agreed")
    deal = factories.deal(sales, stage="Closing")
    with pytest.raises(AnswersNeeded) as asked:
        move(deal, "Won")
    assert set(asked.value.questions.items) == {one, two}
    assert asked.value.questions.outcome is Outcome.WON
    assert asked.value.message == (
        "Before it goes to Won: tick “Terms agreed”, tick “Price agreed”, choose a win reason."
    )


def test_only_the_stage_it_leaves_is_asked_about(sales: Pipeline) -> None:
    factories.required_item(stage_named(sales, "Engaging"))
    deal = factories.deal(sales, stage="Contacting")
    move(deal, "Qualified")
    assert deal.stage.name == "Qualified"


def test_an_item_added_later_reaches_deals_in_the_stage_and_a_dropped_one_lets_them_go(
    sales: Pipeline, cast: Cast
) -> None:
    deal = factories.deal(sales, stage="Contacting")
    with transaction():
        item = checklist_templates.add(
            stage_named(sales, "Contacting"), "Budget confirmed", by=cast.ada, is_required=True
        )
    with pytest.raises(AnswersNeeded):
        move(deal, "Engaging")
    with transaction():
        checklists.tick(deal, item, by=None)
    with transaction():
        checklist_templates.drop(item, by=cast.ada)
    move(deal, "Engaging")
    assert [tick.text for tick in deal.ticks] == ["Budget confirmed"], "what was ticked stays in history"
