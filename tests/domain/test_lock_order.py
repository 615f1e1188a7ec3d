"""An admin who retires a stage and those who write deals in it wait for each other, and never for ever."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text

from pipeline.domain import opportunities, stage_retirement
from pipeline.domain.bulk import change_of, runs
from pipeline.domain.holding import hold, hold_all_places
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

A_WAIT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@contextmanager
def contacting_is_being_retired(app: Flask, sales: Pipeline) -> Iterator[None]:
    """From the moment when it has to wait for somebody; it has gone well by the end of the block."""
    numbers = [factories.stage_named(sales, name).id for name in ("Contacting", "Engaging")]
    troubles: list[BaseException] = []
    begun = threading.Event()

    def retire() -> None:
        with app.app_context():
            begun.set()
            try:
                with transaction():
                    stage_retirement.retire(*(db.session.get_one(Stage, number) for number in numbers), by=None)
            except BaseException as trouble:
                troubles.append(trouble)

    admin = threading.Thread(target=retire)
    admin.start()
    begun.wait()
    with db.engine.connect() as connection:
        is_told = connection.dialect.name == "postgresql"
        while is_told and admin.is_alive() and not connection.scalar(text(A_WAIT)):
            connection.rollback()
    yield
    admin.join()
    assert troubles == []


def test_of_a_deal_that_is_edited_both_come_to_their_end(app: Flask, sales: Pipeline) -> None:
    deal = factories.deal(sales, stage="Contacting")
    with ExitStack() as afterwards, transaction():
        hold(deal)
        afterwards.enter_context(contacting_is_being_retired(app, sales))
        opportunities.change(deal, by=None, typed_value=700)
    db.session.refresh(deal)
    assert (deal.stage.name, deal.value) == ("Engaging", 700)


def test_who_writes_several_deals_takes_all_places_first(app: Flask, sales: Pipeline) -> None:
    lower, upper = (factories.deal(sales, stage="Contacting") for _ in range(2))
    with ExitStack() as afterwards, transaction():
        hold_all_places()
        hold(lower)
        afterwards.enter_context(contacting_is_being_retired(app, sales))
        hold(upper)
        upper.title = lower.title = "Written"
    db.session.expire_all()
    assert [(deal.stage.name, deal.title) for deal in (lower, upper)] == [("Engaging", "Written")] * 2


def test_who_takes_back_a_change_to_several_deals_takes_all_places_first_too(
    app: Flask, sales: Pipeline, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    deals = [factories.deal(sales, stage="Contacting", owner=cast.olive) for _ in range(2)]
    monkeypatch.setattr(runs, "A_MOMENT", 0)  # one deal at a time
    with transaction():
        to_tom = change_of(BulkVerb.ASSIGN).Arguments.model_validate({"owner_id": cast.tom.id})
        every = select(Opportunity.id)
        run = runs.start(BulkVerb.ASSIGN, to_tom, every, by=cast.ada, expected=2, with_automation=False)
        runs.go_on(run.id)
        runs.go_on(run.id)
    with transaction():
        back = runs.undo(run, by=cast.ada)
    with ExitStack() as afterwards, transaction():
        runs.go_on(back.id)
        afterwards.enter_context(contacting_is_being_retired(app, sales))
        runs.go_on(back.id)
    db.session.expire_all()
    assert back.done == 2
    assert [(deal.stage.name, deal.owner) for deal in deals] == [("Engaging", cast.olive)] * 2
