"""Taking a move back: what it puts back, who may, how long, and what it never does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import moves, opportunities, undoing
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.domain.undoing import Undone
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.models.pipeline import Pipeline
from pipeline.models.undo import Undoable
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(sales: Pipeline, cast: Cast) -> Opportunity:
    return factories.deal(sales, owner=cast.tom)


def move(deal: Opportunity, to: str, by: User, **options: object) -> None:
    with transaction():
        moves.move(deal, stage_named(deal.pipeline, to), by=by, via=Via.DRAG, **options)  # type: ignore[arg-type]


def undo(deal: Opportunity, by: User, change_id: int | None = None) -> Undone:
    with transaction():
        return undoing.undo(deal, change_id, by=by)


def standing(deal: Opportunity) -> list[object]:
    fields = ("stage_id", "status", "reason_id", "reason_note", "rank", "entered_stage_at", "closed_at")
    return [getattr(deal, field) for field in fields]


def happened(deal: Opportunity) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.opportunity_id == deal.id).order_by(Event.id)))


def test_everything_that_the_move_changed_is_as_it_was(sales: Pipeline, cast: Cast) -> None:
    [price] = factories.win_reasons(sales, "Price")
    with clock.frozen(clock.now() - timedelta(days=3)):
        upper, deal, lower = (factories.deal(sales, title, owner=cast.tom) for title in ("lower", "Acme", "upper"))
    item = factories.required_item(deal.stage)
    before, version = standing(deal), deal.version
    move(deal, "Won", cast.tom, answers=Answers(price.id, "Cheap", frozenset({item.id})))
    assert deal.status is Status.WON
    came_of_it = undo(deal, cast.tom)
    assert (came_of_it.stage, came_of_it.is_news, came_of_it.left) == ("New Opportunity", True, ())
    assert standing(deal) == before
    assert deal.ticked_item_ids == set()
    assert (deal.stage.name, deal.reason) == ("New Opportunity", None)
    assert lower.rank < deal.rank < upper.rank
    assert deal.version > version, "others who see the board are told"


def test_history_keeps_the_move_and_its_taking_back(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Won", cast.tom)
    undo(deal, cast.tom)
    assert happened(deal) == ["opportunity_created", "opportunity_moved", "status_changed", "move_undone"]
    assert [(line.target_name, line.via) for line in deal.moves[1:]] == [("Won", "drag"), ("New Opportunity", "undo")]
    particulars = db.session.scalars(select(Event).where(Event.kind == "move_undone")).one().particulars
    assert (particulars["source"], particulars["target"], particulars["before"]) == ("Won", "New Opportunity", "won")


def test_nothing_follows_from_undoing_and_what_was_promised_is_cancelled(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    undo(deal, cast.tom)
    assert set(db.session.scalars(select(OutboxMessage.state))) == {PromiseState.CANCELLED}


def test_a_status_is_taken_back_too(app: Flask, cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline("Reviews", template="feedback"), owner=cast.tom)
    before = standing(deal)
    with transaction():
        moves.set_status(deal, Status.LOST, by=cast.tom, answers=Answers(note="Silence"))
    assert undo(deal, cast.tom).stage == "Ask for feedback"
    assert standing(deal) == before


def test_a_second_time_it_does_nothing(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    undo(deal, cast.tom)
    before = [*standing(deal), deal.version, happened(deal)]
    assert not undo(deal, cast.tom).is_news
    assert [*standing(deal), deal.version, happened(deal)] == before


def test_who_lost_the_right_by_the_move_may_still_take_it_back(deal: Opportunity, cast: Cast) -> None:
    with transaction():
        cast.tom.may_edit_closed = False
    move(deal, "Won", cast.tom)
    undo(deal, cast.tom)
    assert deal.is_open


def test_only_who_did_it_takes_it_back(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    change = db.session.scalars(select(Undoable)).one()
    with pytest.raises(NotAllowed, match="Only Tom Team, who did it, can undo it"):
        undo(deal, cast.olive, change.id)
    with pytest.raises(RuleBroken, match="nothing of yours to undo"):
        undo(deal, cast.olive)
    with pytest.raises(NotVisible):
        undo(deal, cast.stan, change.id)
    with pytest.raises(NotVisible):
        undo(factories.deal(deal.pipeline, owner=cast.tom), cast.tom, change.id)


def test_when_its_time_is_over_it_is_refused_with_the_way_back(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    with clock.frozen(clock.now() + timedelta(seconds=31)):
        with pytest.raises(
            RuleBroken, match=r"30 seconds are over. It was in New Opportunity and open; .* move it back"
        ):
            undo(deal, cast.tom)
        with transaction():
            assert undoing.undo(deal, by=cast.tom, however_late=True).is_news


def test_what_somebody_changed_again_is_a_conflict_that_names_them(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    move(deal, "Qualified", cast.olive)
    with pytest.raises(Conflict, match=r"Olive Owner moved it to Qualified at \d+:\d\d\s[AP]M, after you"):
        undo(deal, cast.tom)
    assert deal.stage.name == "Qualified"


def test_other_changes_of_others_stay(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    with transaction():
        opportunities.change(deal, by=cast.olive, title="Acme renewal")
    undo(deal, cast.tom)
    assert (deal.title, deal.stage.name) == ("Acme renewal", "New Opportunity")


def test_one_after_another_several_moves_are_taken_back(deal: Opportunity, cast: Cast) -> None:
    for name in ("Contacting", "Engaging"):
        move(deal, name, cast.tom)
    first, second = db.session.scalars(select(Undoable.id).order_by(Undoable.id))
    with pytest.raises(Conflict):
        undo(deal, cast.tom, first)
    assert undo(deal, cast.tom, second).stage == "Contacting"
    assert undo(deal, cast.tom, first).stage == "New Opportunity"


@pytest.mark.parametrize(("via", "seconds"), [(Via.AUTOMATION, 30), (Via.IMPORT, 30), (Via.SYSTEM, 30), (Via.MENU, 0)])
def test_what_no_person_did_and_where_there_is_no_undo_nothing_is_kept(
    deal: Opportunity, cast: Cast, via: Via, seconds: int
) -> None:
    if not seconds:
        factories.no_undo()
    with transaction():
        moves.move(deal, stage_named(deal.pipeline, "Engaging"), by=cast.tom, via=via)
    assert db.session.scalar(select(func.count(Undoable.id))) == 0


def test_a_stage_that_was_retired_meanwhile_is_not_gone_back_to(deal: Opportunity, cast: Cast) -> None:
    move(deal, "Engaging", cast.tom)
    with transaction():
        stage_named(deal.pipeline, "New Opportunity").retired_at = clock.now()
    with pytest.raises(RuleBroken, match="New Opportunity was retired meanwhile"):
        undo(deal, cast.tom)
