"""Retiring a stage: nothing is lost, nothing is set off, and history stays true."""

import pytest
from flask import Flask
from fractional_indexing import generate_n_keys_between
from sqlalchemy import func, insert, select

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities, pipelines, stage_retirement, stages
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.domain.stage_retirement import Fate
from pipeline.extensions import db
from pipeline.models.automation import Automation
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, StageMove, Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named
from tests.support.counting import statements


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def retire(pipeline: Pipeline, name: str, into: str | None, cast: Cast, **options: object) -> int:
    with transaction():
        target = stage_named(pipeline, into) if into else None
        return stage_retirement.retire(stage_named(pipeline, name), target, by=cast.ada, **options)  # type: ignore[arg-type]


def automation(pipeline: Pipeline, *, source: str | None = None, target: str | None = None) -> Automation:
    with transaction():
        made = Automation(
            pipeline=pipeline,
            name="Follow up",
            source=stage_named(pipeline, source) if source else None,
            target=stage_named(pipeline, target) if target else None,
            created_at=clock.now(),
        )
        db.session.add(made)
    return made


def test_its_opportunities_go_below_those_of_the_target_in_their_order(sales: Pipeline, cast: Cast) -> None:
    for title in ("first", "second", "third"):
        factories.deal(sales, title, stage="Contacting")
    factories.deal(sales, "there already", stage="Engaging")
    before = titles(sales, "Contacting")
    assert retire(sales, "Contacting", "Engaging", cast) == 3
    assert titles(sales, "Engaging") == ["there already", *before]
    assert [stage.name for stage in sales.stages][:3] == ["New Opportunity", "Engaging", "Qualified"]
    assert [stage.position for stage in sales.stages] == list(range(6))


def test_each_move_is_written_down_under_the_old_name_and_sets_nothing_off(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, stage="Contacting", owner=cast.olive)
    promised = db.session.scalar(select(func.count(OutboxMessage.id)))
    retire(sales, "Contacting", "Engaging", cast)
    move = deal.moves[-1]
    assert (move.source_name, move.target_name, move.mover, move.via) == ("Contacting", "Engaging", None, "system")
    assert move.version == deal.version == 2
    told = db.session.scalars(select(Event).where(Event.opportunity_id == deal.id).order_by(Event.id.desc())).first()
    assert told is not None
    assert (told.kind, told.particulars["source"], told.actor_id) == ("opportunity_moved", "Contacting", None)
    assert told.contact_id == deal.contact_id
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == promised


def test_who_retired_it_is_on_record(sales: Pipeline, cast: Cast) -> None:
    factories.deal(sales, stage="Contacting")
    retire(sales, "Contacting", "Engaging", cast)
    told = db.session.scalars(select(Event).where(Event.kind == "stage_retired")).one()
    assert told.actor_id == cast.ada.id
    assert (told.particulars["stage"], told.particulars["target"], told.particulars["moved"]) == (
        "Contacting",
        "Engaging",
        1,
    )


def test_open_ones_are_won_in_a_won_target_with_the_reason_that_is_required(sales: Pipeline, cast: Cast) -> None:
    (reason,) = factories.win_reasons(sales, "Best price")
    deal = factories.deal(sales, stage="Closing")
    with pytest.raises(RuleBroken, match="Choose the reason"):
        retire(sales, "Closing", "Won", cast)
    assert deal.stage.name == "Closing"
    retire(sales, "Closing", "Won", cast, answers=Answers(reason_id=reason.id, note="All settled"))
    assert (deal.status, deal.reason, deal.reason_note) == (Status.WON, reason, "All settled")
    assert deal.closed_at is not None
    kinds = list(db.session.scalars(select(Event.kind).where(Event.opportunity_id == deal.id).order_by(Event.id)))
    assert kinds[-2:] == ["opportunity_moved", "status_changed"]


def test_closed_ones_stay_as_they_were_closed(sales: Pipeline, cast: Cast) -> None:
    won, abandoned = factories.deal(sales, stage="Won"), factories.deal(sales, stage="Closing")
    closed_at = won.closed_at
    with transaction():
        moves.set_status(abandoned, Status.ABANDONED, by=None)
    retire(sales, "Won", "Closing", cast)
    assert (won.stage.name, won.status, won.closed_at) == ("Closing", Status.WON, closed_at)
    retire(sales, "Closing", "Qualified", cast)
    assert (abandoned.stage.name, abandoned.status) == ("Qualified", Status.ABANDONED)


def test_won_ones_cannot_go_where_deals_are_lost(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, stage="Won")
    with pytest.raises(RuleBroken, match="1 of the opportunities in Won is won and cannot go to Lost"):
        retire(sales, "Won", "Lost", cast)
    assert deal.stage.name == "Won"


def test_a_deleted_one_goes_along_and_comes_back_in_the_target(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, stage="Contacting")
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    retire(sales, "Contacting", "Engaging", cast)
    with transaction():
        opportunities.restore(deal, by=cast.ada)
    assert deal.stage.name == "Engaging"


def test_an_empty_stage_needs_no_target_and_one_with_deals_does(sales: Pipeline, cast: Cast) -> None:
    retire(sales, "Contacting", None, cast)
    factories.deal(sales, stage="Engaging")
    with pytest.raises(RuleBroken, match="Engaging holds 1 opportunity; choose the stage"):
        retire(sales, "Engaging", None, cast)


def test_the_last_stage_cannot_be_retired_while_deals_stand_in_it(app: Flask, cast: Cast) -> None:
    reviews = factories.sales_pipeline("Reviews", template="feedback")
    for name in ("Ask for feedback", "Feedback received"):
        retire(reviews, name, None, cast)
    factories.deal(reviews)
    with pytest.raises(RuleBroken, match="the last stage"):
        retire(reviews, "Positive review received", None, cast)


def test_the_target_must_be_another_stage_in_use_of_the_same_pipeline(sales: Pipeline, cast: Cast) -> None:
    other = factories.sales_pipeline("Other")
    stage = stage_named(sales, "Contacting")
    for target in (stage, stage_named(other, "Contacting")):
        with pytest.raises(RuleBroken, match="another stage of this pipeline"), transaction():
            stage_retirement.retire(stage, target, by=cast.ada)


def test_a_retired_stage_takes_no_more_deals_and_its_name_is_free_again(sales: Pipeline, cast: Cast) -> None:
    deal, gone = factories.deal(sales), stage_named(sales, "Contacting")
    retire(sales, "Contacting", None, cast)
    with pytest.raises(RuleBroken, match="not part of this pipeline any more"), transaction():
        moves.move(deal, gone, by=None)
    with transaction():
        stages.add(sales, "Contacting", by=cast.ada)
    with pytest.raises(RuleBroken, match="is retired"), transaction():
        stages.change(gone, by=cast.ada, name="Anything")


def test_the_default_stage_moves_on_with_it(sales: Pipeline, cast: Cast) -> None:
    with transaction():
        pipelines.change(sales, by=cast.ada, default_stage=stage_named(sales, "Contacting"))
    retire(sales, "Contacting", "Engaging", cast)
    assert sales.first_stage is stage_named(sales, "Engaging")
    retire(sales, "Engaging", None, cast)
    assert sales.default_stage is None
    assert sales.first_stage is stage_named(sales, "New Opportunity")


def test_automations_that_name_it_are_switched_off_and_say_so(sales: Pipeline, cast: Cast) -> None:
    rule = automation(sales, target="Contacting")
    retire(sales, "Contacting", "Engaging", cast)
    assert not rule.is_on
    assert rule.note.startswith("Switched off: Contacting was retired.")
    assert rule.version == 2


def test_automations_follow_to_the_target_when_told_to(sales: Pipeline, cast: Cast) -> None:
    rule = automation(sales, source="New Opportunity", target="Contacting")
    retire(sales, "Contacting", "Engaging", cast, fate=Fate.FOLLOW)
    assert rule.is_on
    assert rule.target is stage_named(sales, "Engaging")
    assert rule.note == "Contacting was retired: this now watches Engaging instead."


def test_an_automation_that_would_watch_for_a_move_into_the_same_stage_is_switched_off(
    sales: Pipeline, cast: Cast
) -> None:
    rule = automation(sales, source="Contacting", target="Engaging")
    retire(sales, "Contacting", "Engaging", cast, fate=Fate.FOLLOW)
    assert not rule.is_on


def test_only_admins_retire_stages(sales: Pipeline, cast: Cast) -> None:
    with pytest.raises(NotAllowed), transaction():
        stage_retirement.retire(stage_named(sales, "Contacting"), None, by=cast.olive)
    assert stage_named(sales, "Contacting").retired_at is None


@pytest.mark.parametrize("crowd", [30, 3000])
def test_statements_grow_by_the_thousand_and_not_by_the_deal(sales: Pipeline, cast: Cast, crowd: int) -> None:
    fill(stage_named(sales, "Contacting"), crowd)
    with statements() as asked:
        assert retire(sales, "Contacting", "Lost", cast) == crowd
    assert len(asked) < 50 + 6 * (crowd // 1000 + 1)
    assert db.session.scalar(select(func.count(StageMove.id)).where(StageMove.via == "system")) == crowd
    assert db.session.scalar(select(func.count(Opportunity.id)).where(Opportunity.status == Status.LOST)) == crowd


def fill(stage: Stage, crowd: int) -> None:
    person, present = factories.contact(), clock.now()
    with transaction():
        db.session.execute(
            insert(Opportunity),
            [
                {
                    "title": f"Deal {rank}",
                    "contact_id": person.id,
                    "pipeline_id": stage.pipeline_id,
                    "stage_id": stage.id,
                    "currency": "USD",
                    "rank": rank,
                    "created_at": present,
                    "entered_stage_at": present,
                }
                for rank in generate_n_keys_between(None, None, crowd)
            ],
        )


def titles(pipeline: Pipeline, stage: str) -> list[str]:
    standing = stage_named(pipeline, stage).id
    by_rank = select(Opportunity.title).where(Opportunity.stage_id == standing).order_by(Opportunity.rank)
    return list(db.session.scalars(by_rank))


def test_open_buy_now_links_stay_good(sales: Pipeline, cast: Cast) -> None:
    links = [factories.buy_link(factories.deal(sales, stage="Contacting")) for _ in range(2)]
    retire(sales, "Contacting", "Engaging", cast)
    assert [buy_links.why_not_good(link, clock.now()) for link in links] == [None, None]
    assert [buy_links.current(link.opportunity) for link in links] == links
