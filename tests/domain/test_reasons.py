"""Why deals end: lists that admins keep, from which nothing that was ever chosen disappears."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain import moves, pipelines, reasons
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Outcome, Pipeline, Reason
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def add(pipeline: Pipeline, text: str, cast: Cast, outcome: Outcome = Outcome.LOST) -> Reason:
    with transaction():
        return reasons.add(pipeline, outcome, text, by=cast.ada)


def archive(reason: Reason, cast: Cast) -> None:
    with transaction():
        reasons.archive(reason, by=cast.ada)


def texts(pipeline: Pipeline, outcome: Outcome = Outcome.LOST) -> list[str]:
    return [reason.text for reason in pipeline.reasons(outcome)]


def test_each_list_has_an_order_of_its_own(sales: Pipeline, cast: Cast) -> None:
    for text in ("No budget", "Bad timing", "Competitor"):
        last = add(sales, text, cast)
    add(sales, "Best price", cast, Outcome.WON)
    with transaction():
        reasons.place(last, 0, by=cast.ada)
    assert texts(sales) == ["Competitor", "No budget", "Bad timing"]
    assert texts(sales, Outcome.WON) == ["Best price"]


@pytest.mark.parametrize("text", ["no  BUDGET", "", "x" * 121])
def test_a_text_is_unique_in_its_list(sales: Pipeline, cast: Cast, text: str) -> None:
    add(sales, "No budget", cast)
    with pytest.raises(RuleBroken):
        add(sales, text, cast)
    add(sales, "No budget", cast, Outcome.WON)


def test_an_archived_one_is_not_offered_but_kept_by_what_carries_it(sales: Pipeline, cast: Cast) -> None:
    reason = add(sales, "No budget", cast)
    add(sales, "Bad timing", cast)
    deal = factories.deal(sales)
    with transaction():
        moves.set_status(deal, Status.LOST, by=None, answers=Answers(reason_id=reason.id))
    archive(reason, cast)
    assert (texts(sales), deal.reason) == (["Bad timing"], reason)
    with transaction():
        reasons.restore(reason, by=cast.ada)
    assert texts(sales) == ["Bad timing", "No budget"]


def test_adding_the_text_of_an_archived_one_brings_it_back(sales: Pipeline, cast: Cast) -> None:
    reason = add(sales, "No budget", cast)
    archive(reason, cast)
    assert add(sales, "no budget", cast) is reason
    assert texts(sales) == ["No budget"]


def test_the_last_one_stays_while_a_reason_is_required(sales: Pipeline, cast: Cast) -> None:
    one, two = add(sales, "No budget", cast), add(sales, "Bad timing", cast)
    with transaction():
        pipelines.change(sales, by=cast.ada, requires_loss_reason=True)
    archive(one, cast)
    with pytest.raises(RuleBroken, match="the last loss reason and Sales requires one"):
        archive(two, cast)
    with transaction():
        pipelines.change(sales, by=cast.ada, requires_loss_reason=False)
    archive(two, cast)
    assert texts(sales) == []


def test_rewording_reaches_the_deals_and_not_their_history(sales: Pipeline, cast: Cast) -> None:
    reason = add(sales, "No budget", cast)
    deal = factories.deal(sales)
    with transaction():
        moves.set_status(deal, Status.LOST, by=None, answers=Answers(reason_id=reason.id))
    with transaction():
        reasons.rename(reason, "Too expensive", by=cast.ada)
    assert deal.reason is reason
    assert reason.text == "Too expensive"
    told = db.session.scalars(select(Event).where(Event.kind == "status_changed")).one()
    assert told.particulars["reason"] == "No budget"


def test_an_archived_one_is_neither_reworded_nor_restored_over_another(sales: Pipeline, cast: Cast) -> None:
    reason, other = add(sales, "No budget", cast), add(sales, "Bad timing", cast)
    archive(reason, cast)
    with pytest.raises(RuleBroken, match="is archived"), transaction():
        reasons.rename(reason, "Anything", by=cast.ada)
    with transaction():
        reasons.rename(other, "No budget", by=cast.ada)
    with pytest.raises(RuleBroken, match="already"), transaction():
        reasons.restore(reason, by=cast.ada)


def test_only_admins_keep_the_lists(sales: Pipeline, cast: Cast) -> None:
    reason = add(sales, "No budget", cast)
    attempts = (
        lambda: reasons.add(sales, Outcome.LOST, "Mine", by=cast.olive),
        lambda: reasons.rename(reason, "Mine", by=cast.olive),
        lambda: reasons.place(reason, 0, by=cast.olive),
        lambda: reasons.archive(reason, by=cast.olive),
        lambda: reasons.restore(reason, by=cast.olive),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed), transaction():
            attempt()
