"""Taking a change to many back: each as it was, but for what others did since."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain import installation, moves, owning, tags
from pipeline.domain.bulk import runs
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.domain.bulk.conftest import Begin, causes, undone


def test_each_goes_back_to_its_own_owner_but_what_went_on_stays(sales: Pipeline, cast: Cast, change: Begin) -> None:
    first, second, third = (factories.deal(sales, owner=owner) for owner in (cast.olive, cast.tom, cast.olive))
    run = change("assign", [first, second, third], by=cast.ada, owner_id=cast.stan.id)
    with transaction():
        owning.assign(third, cast.tom, by=None)
    back = undone(run)
    assert (first.owner, second.owner, third.owner) == (cast.olive, cast.tom, cast.tom)
    assert (back.done, causes(back)) == (2, {third.id: "It belongs to Tom Team by now, and was left there."})


def test_who_gave_away_what_they_see_no_more_can_take_it_back(sales: Pipeline, cast: Cast, change: Begin) -> None:
    deal = factories.deal(sales, owner=cast.stan)
    run = change("assign", [deal], by=cast.stan, owner_id=cast.olive.id)
    assert undone(run).done == 1
    assert deal.owner is cast.stan


def test_only_the_tags_it_put_on_come_off(sales: Pipeline, cast: Cast, change: Begin) -> None:
    with transaction():
        tag = tags.named("vip")
    wears, bare = factories.deal(sales, owner=cast.olive, tags=[tag]), factories.deal(sales, owner=cast.olive)
    run = change("add_tag", [wears, bare], by=cast.olive, tag_id=tag.id)
    assert (run.done, run.unchanged) == (1, 1)
    undone(run)
    assert (wears.tags, bare.tags) == ([tag], [])


def test_what_was_deleted_comes_back(sales: Pipeline, cast: Cast, change: Begin) -> None:
    deal = factories.deal(sales, owner=cast.olive)
    run = change("delete", [deal], by=cast.ada)
    assert undone(run).done == 1
    assert deal.deleted_at is None


def test_each_goes_back_to_its_own_stage_but_not_over_the_move_of_another(
    sales: Pipeline, cast: Cast, change: Begin
) -> None:
    first, second, third = (
        factories.deal(sales, stage=stage, owner=cast.olive) for stage in ("New Opportunity", "Contacting", "Engaging")
    )
    run = change("move", [first, second, third], by=cast.olive, stage_id=factories.stage_named(sales, "Qualified").id)
    with transaction():
        moves.move(third, factories.stage_named(sales, "Closing"), by=cast.ada)
    later = clock.now() + timedelta(minutes=5)
    with clock.frozen(later):
        back = undone(run)
    assert [deal.stage.name for deal in (first, second, third)] == ["New Opportunity", "Contacting", "Closing"]
    assert (back.done, back.refused) == (2, 1)
    assert "Ada Admin moved it to Closing" in causes(back)[third.id]


def test_what_was_closed_is_open_again_without_its_reason(sales: Pipeline, cast: Cast, change: Begin) -> None:
    deal, [price] = factories.deal(sales, owner=cast.olive), factories.loss_reasons(sales, "Price")
    run = change("set_status", [deal], by=cast.olive, status="lost", reason_ids=[price.id])
    undone(run)
    assert (deal.status, deal.stage.name, deal.reason) == (Status.OPEN, "New Opportunity", None)


def test_where_undo_is_switched_off_moves_stay_and_that_is_said(sales: Pipeline, cast: Cast, change: Begin) -> None:
    with transaction():
        installation.kept().undo_seconds = 0
    deal = factories.deal(sales, owner=cast.olive)
    back = undone(change("set_status", [deal], by=cast.olive, status="abandoned"))
    assert causes(back) == {deal.id: "Undo is switched off here; move it back by hand."}


def test_it_is_taken_back_once_and_by_who_made_it(sales: Pipeline, cast: Cast, change: Begin) -> None:
    run = change("assign", [factories.deal(sales, owner=cast.olive)], by=cast.olive, owner_id=cast.tom.id)
    with pytest.raises(RuleBroken, match="Only who made"), transaction():
        runs.undo(run, by=cast.ada)
    back = undone(run)
    with pytest.raises(RuleBroken, match="already"), transaction():
        runs.undo(run, by=cast.olive)
    with pytest.raises(RuleBroken, match="only once"), transaction():
        runs.undo(back, by=cast.olive)
