"""Moving a deal: what the stage means, what is written down, and who may."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import moves, opportunities, owning
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, ShareLevel, Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def move(deal: Opportunity, to: str, *, by: User | None = None, **options: object) -> None:
    with transaction():
        moves.move(deal, stage_named(deal.pipeline, to), by=by, **options)  # type: ignore[arg-type]


def become(deal: Opportunity, status: Status, *, by: User | None = None, **options: object) -> None:
    with transaction():
        moves.set_status(deal, status, by=by, **options)  # type: ignore[arg-type]


def happened(deal: Opportunity) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.opportunity_id == deal.id).order_by(Event.id)))


def test_any_stage_leads_to_any_other(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    for name in ("Closing", "Contacting", "Lost", "Engaging", "Won", "New Opportunity"):
        move(deal, name)
        assert deal.stage.name == name


def test_a_move_is_written_down_with_who_when_how_and_the_names_of_then(sales: Pipeline, cast: Cast) -> None:
    with clock.frozen(clock.now() - timedelta(days=3)):
        deal = factories.deal(sales, owner=cast.olive)
    move(deal, "Contacting", by=cast.olive, via=Via.DRAG)
    line = deal.moves[-1]
    assert (line.source_name, line.target_name, line.mover) == ("New Opportunity", "Contacting", cast.olive)
    assert (line.via, line.version, deal.version) == ("drag", 2, 2)
    event = db.session.scalars(select(Event).where(Event.kind == "opportunity_moved")).one()
    assert (event.particulars["days"], event.actor_id, event.via) == (3, cast.olive.id, "drag")
    assert deal.entered_stage_at == line.moved_at


def test_moving_nowhere_does_nothing(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    before = deal.version, deal.rank, happened(deal)
    move(deal, "New Opportunity")
    assert (deal.version, deal.rank, happened(deal)) == before


def test_entering_a_stage_again_is_written_down_again(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    for name in ("Contacting", "New Opportunity", "Contacting"):
        move(deal, name)
    assert happened(deal).count("opportunity_moved") == 3


def test_a_move_promises_its_automations_and_a_quiet_one_promises_nothing(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    move(deal, "Contacting", via=Via.IMPORT)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0
    move(deal, "Engaging", via=Via.MENU)
    assert db.session.scalars(select(OutboxMessage.task).order_by(OutboxMessage.id)).all() == [
        "automation.run_triggers",
        "following.tell_followers",
    ]


def test_the_won_stage_wins_and_leaving_it_reopens(sales: Pipeline) -> None:
    (reason,) = factories.win_reasons(sales, "Best price", required=False)
    deal = factories.deal(sales)
    move(deal, "Won", answers=Answers(reason_id=reason.id, note="Signed"))
    assert (deal.status, deal.reason, deal.reason_note) == (Status.WON, reason, "Signed")
    assert deal.closed_at is not None
    move(deal, "Closing")
    assert (deal.status, deal.reason, deal.reason_note, deal.closed_at) == (Status.OPEN, None, "", None)


def test_from_won_to_lost_is_lost_with_its_own_reason(sales: Pipeline) -> None:
    (won_by,) = factories.win_reasons(sales, "Best price", required=False)
    (lost_by,) = factories.loss_reasons(sales, "No budget", required=False)
    deal = factories.deal(sales)
    move(deal, "Won", answers=Answers(reason_id=won_by.id))
    move(deal, "Lost", answers=Answers(reason_id=lost_by.id))
    assert (deal.status, deal.reason) == (Status.LOST, lost_by)


@pytest.mark.parametrize(("status", "stage"), [(Status.WON, "Won"), (Status.LOST, "Lost")])
def test_setting_won_or_lost_goes_to_the_stage_for_it(sales: Pipeline, status: Status, stage: str) -> None:
    deal = factories.deal(sales)
    become(deal, status)
    assert (deal.status, deal.stage.name) == (status, stage)
    assert happened(deal)[-2:] == ["opportunity_moved", "status_changed"]


def test_without_a_stage_for_it_won_stays_where_it_is(app: Flask) -> None:
    deal = factories.deal(factories.sales_pipeline("Reviews", template="feedback"))
    become(deal, Status.WON)
    assert (deal.status, deal.stage.name, deal.version) == (Status.WON, "Ask for feedback", 2)
    move(deal, "Feedback received")
    assert deal.status is Status.WON
    become(deal, Status.OPEN)
    assert (deal.status, deal.stage.name, deal.closed_at) == (Status.OPEN, "Feedback received", None)


def test_abandoned_never_moves_and_needs_no_reason(sales: Pipeline) -> None:
    factories.loss_reasons(sales, "No budget")
    deal = factories.deal(sales, stage="Engaging")
    become(deal, Status.ABANDONED)
    assert (deal.status, deal.stage.name) == (Status.ABANDONED, "Engaging")
    move(deal, "Closing")
    assert deal.status is Status.ABANDONED
    become(deal, Status.OPEN)
    assert (deal.status, deal.stage.name) == (Status.OPEN, "Closing")


def test_opening_again_goes_back_to_where_it_was_before_the_end(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    for name in ("Qualified", "Lost", "Won"):
        move(deal, name)
    become(deal, Status.OPEN)
    assert (deal.status, deal.stage.name) == (Status.OPEN, "Qualified")


def test_opening_one_that_began_at_the_end_goes_to_the_first_stage(sales: Pipeline) -> None:
    deal = factories.deal(sales, stage="Won")
    become(deal, Status.OPEN)
    assert (deal.status, deal.stage.name) == (Status.OPEN, "New Opportunity")


def test_setting_the_status_it_has_does_nothing(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    become(deal, Status.OPEN)
    assert (deal.version, happened(deal)) == (1, ["opportunity_created"])


def test_a_stage_of_another_pipeline_is_refused(sales: Pipeline) -> None:
    deal, other = factories.deal(sales), factories.sales_pipeline("Other")
    with pytest.raises(RuleBroken, match="not part of this pipeline"), transaction():
        moves.move(deal, stage_named(other, "Contacting"), by=None)


def test_strangers_do_not_see_it_readers_may_not_and_writers_and_managers_may(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, owner=cast.tom)
    with pytest.raises(NotVisible):
        move(deal, "Contacting", by=cast.stan)
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.ada)
    with pytest.raises(NotAllowed, match="can give you write access"):
        move(deal, "Contacting", by=cast.stan)
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.WRITE, by=cast.ada)
    move(deal, "Contacting", by=cast.stan)
    move(deal, "Engaging", by=cast.olive)
    assert deal.version == 3


def test_closed_ones_move_only_by_those_who_may_edit_them(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, stage="Won", owner=cast.tom)
    with transaction():
        cast.tom.may_edit_closed = False
    with pytest.raises(NotAllowed, match="closed"):
        move(deal, "Closing", by=cast.tom)
    assert deal.stage.name == "Won"


def test_a_move_made_since_it_was_seen_is_a_conflict_that_says_who_and_where(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, owner=cast.tom)
    seen = deal.version
    move(deal, "Engaging", by=cast.olive)
    with pytest.raises(Conflict, match="Olive Owner moved it to Engaging meanwhile"):
        move(deal, "Contacting", by=cast.tom, seen_version=seen)
    assert deal.stage.name == "Engaging"


def test_another_change_since_it_was_seen_merges(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, owner=cast.tom)
    seen = deal.version
    with transaction():
        opportunities.change(deal, by=cast.olive, title="Acme renewal")
    move(deal, "Contacting", by=cast.tom, seen_version=seen)
    assert (deal.title, deal.stage.name) == ("Acme renewal", "Contacting")


def test_a_card_lands_on_top_or_below_the_one_it_was_dropped_under(sales: Pipeline) -> None:
    first, second, third = (factories.deal(sales, title, stage="Engaging") for title in ("1", "2", "3"))
    moved = factories.deal(sales, "moved")
    move(moved, "Engaging", after_id=second.id)
    assert in_order(sales, "Engaging") == ["3", "2", "moved", "1"]
    move(moved, "Engaging", after_id=first.id)
    assert in_order(sales, "Engaging") == ["3", "2", "1", "moved"]
    assert moved.version == 2, "placing within the stage is no move"
    move(third, "Contacting")
    move(moved, "Engaging", after_id=third.id)
    assert in_order(sales, "Engaging")[-1] == "moved", "below one that has gone is at the bottom"


def test_nothing_moves_in_an_archived_pipeline(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    with transaction():
        sales.archived_at = clock.now()
    for attempt in (lambda: move(deal, "Contacting"), lambda: become(deal, Status.LOST)):
        with pytest.raises(RuleBroken, match="is archived; an admin can bring it back"):
            attempt()
    with pytest.raises(RuleBroken, match="is archived"):
        factories.deal(sales, "Another")


def in_order(pipeline: Pipeline, stage: str) -> list[str]:
    standing = stage_named(pipeline, stage).id
    return list(
        db.session.scalars(
            select(Opportunity.title).where(Opportunity.stage_id == standing).order_by(Opportunity.rank, Opportunity.id)
        )
    )
