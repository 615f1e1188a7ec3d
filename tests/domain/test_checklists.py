"""Ticks: who and when, kept through moves and through changes of the list."""

from datetime import UTC, datetime

import pytest

from pipeline import clock
from pipeline.domain import checklists, moves
from pipeline.domain.facts import ItemTicked, ItemUnticked
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    return factories.deal(pipeline, owner=cast.olive)


@pytest.fixture
def item(deal):
    return factories.required_item(deal.stage, "Met in person")


def tick(deal, item, by=None):
    with clock.frozen(NOW), transaction():
        checklists.tick(deal, item, by=by)


def test_a_tick_says_who_and_when_once(deal, item, cast):
    tick(deal, item, cast.olive)
    tick(deal, item, cast.ada)
    [standing] = deal.ticks
    assert (standing.text, standing.ticked_by_id, standing.ticked_at) == ("Met in person", cast.olive.id, NOW)
    assert facts(deal, ItemTicked) == [ItemTicked(item_id=item.id, text="Met in person")]


def test_unticking_clears_it_and_twice_changes_nothing(deal, item, cast):
    tick(deal, item)
    for _ in range(2):
        with transaction():
            checklists.untick(deal, item, by=cast.olive)
    assert deal.ticks == []
    assert len(facts(deal, ItemUnticked)) == 1


def test_ticks_are_kept_when_it_goes_on_and_comes_back(deal, item, pipeline):
    tick(deal, item)
    for stage in (pipeline.stages[1], pipeline.stages[0]):
        with transaction():
            moves.move(deal, stage, by=None)
    assert deal.ticked_item_ids == {item.id}


def test_what_was_ticked_survives_when_the_list_drops_it(deal, item):
    tick(deal, item)
    with transaction():
        item.dropped_at = NOW
    assert [standing.text for standing in deal.ticks] == ["Met in person"]


def test_what_is_not_on_the_list_any_more_cannot_be_ticked(deal, item):
    with transaction():
        item.dropped_at = NOW
    with pytest.raises(RuleBroken, match="not on the checklist any more"):
        tick(deal, item)


def test_items_of_another_pipeline_are_not_its_own(deal):
    elsewhere = factories.required_item(factories.sales_pipeline("Elsewhere").stages[0])
    with pytest.raises(RuleBroken, match="another pipeline"):
        tick(deal, elsewhere)
    with pytest.raises(NotVisible):
        checklists.item(deal, elsewhere.id)


def test_a_stranger_ticks_nothing(deal, item, cast):
    with pytest.raises(NotVisible):
        tick(deal, item, cast.stan)
