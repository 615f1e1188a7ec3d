"""Where a card lies: between its neighbours, whoever else moves at the same time."""

import pytest

from pipeline.domain import holding, moves
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def order(pipeline: Pipeline) -> list[str]:
    db.session.rollback()
    rows = db.select(Opportunity.title).order_by(Opportunity.rank, Opportunity.id)
    return list(db.session.scalars(rows.where(Opportunity.stage_id == pipeline.stages[0].id)))


def test_a_new_card_lies_on_top(pipeline: Pipeline) -> None:
    for title in ("first", "second", "third"):
        factories.deal(pipeline, title)
    assert order(pipeline) == ["third", "second", "first"]


@pytest.mark.parametrize("standing", [[], ["first", "second"]])
def test_what_is_taken_for_a_stage_lies_on_top_of_it(pipeline: Pipeline, cast: Cast, standing: list[str]) -> None:
    for title in standing:
        factories.deal(pipeline, title)
    moved = factories.deal(pipeline, "moved", stage=pipeline.stages[1].name)
    with transaction():
        taken, highest = holding.take_for(moved.id, pipeline.stages[0].id, to=cast.ada)
        moves.move(taken, pipeline.stages[0], by=cast.ada, highest=highest)
    assert order(pipeline) == ["moved", *reversed(standing)]


def test_a_card_is_put_below_another(pipeline: Pipeline) -> None:
    first, _, third = (factories.deal(pipeline, title) for title in ("first", "second", "third"))
    with transaction():
        moves.move(third, pipeline.stages[0], by=None, after_id=first.id)
    assert order(pipeline) == ["second", "first", "third"]


def test_a_neighbour_that_is_gone_means_the_end(pipeline: Pipeline) -> None:
    first, second = (factories.deal(pipeline, title) for title in ("first", "second"))
    with transaction():
        moves.move(first, pipeline.stages[1], by=None)
    third = factories.deal(pipeline, "third")
    with transaction():
        moves.move(third, pipeline.stages[0], by=None, after_id=first.id)
    assert order(pipeline) == ["second", "third"]
    assert second.rank < third.rank


def test_two_hundred_squeezes_between_two_cards_keep_order_and_ranks_short(pipeline: Pipeline) -> None:
    upper, lower = factories.deal(pipeline, "a"), factories.deal(pipeline, "b")
    with transaction():
        for _ in range(200):
            upper, lower = lower, upper
            moves.move(lower, pipeline.stages[0], by=None, after_id=upper.id)
    assert order(pipeline) == [upper.title, lower.title]
    assert len(lower.rank) < 80


def test_a_crowd_is_spread_out_before_its_ranks_are_too_long(pipeline: Pipeline) -> None:
    cards = [factories.deal(pipeline, title) for title in "abcdef"]
    stage = pipeline.stages[0]
    with transaction():
        for place, card in enumerate(cards):
            card.rank = f"a0{'0' * 77}{place + 1}"
        db.session.flush()
        moves.move(cards[5], stage, by=None, after_id=cards[2].id)
    assert order(pipeline) == ["a", "b", "c", "f", "d", "e"]
    assert max(len(card.rank) for card in cards) < 80
