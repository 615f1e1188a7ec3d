"""What a verb takes in hand it knows as it is now, and asks no more often than that takes."""

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.domain.holding import hold, hold_place, take
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


def test_what_was_read_under_the_only_pen_is_not_read_again(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    with transaction():
        assert deal.title
        with statements() as asked:
            hold(deal)
    assert len(asked) == (0 if db.engine.dialect.name == "sqlite" else 1)


def test_what_is_taken_to_be_moved_is_held_with_its_place(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales)
    with transaction():
        deal_id, ada = deal.id, db.session.get_one(User, cast.ada.id)
        with statements() as asked:
            assert take(deal_id, to=ada) is deal
        assert len(asked) == (2 if db.engine.dialect.name == "postgresql" else 1)
        with statements() as asked:
            hold_place(deal.pipeline.stages[1])
            hold(deal)
            assert not deal.stage.checklist
        assert asked == []


def test_what_was_taken_is_as_it_is_now_whatever_was_read_before(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales)
    with transaction():
        assert deal.version == 1
        if db.engine.dialect.name == "postgresql":
            _behind_its_back(deal)
        else:
            _set_version(deal, 2)
        assert take(deal.id, to=cast.ada).version == 2


def test_a_stranger_takes_nothing(sales: Pipeline, cast: Cast) -> None:
    deal = factories.deal(sales, owner=cast.olive)
    with transaction(), pytest.raises(NotVisible):
        take(deal.id, to=cast.stan)


def test_what_was_read_before_the_transaction_is_read_again(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    assert deal.version == 1
    _behind_its_back(deal)
    with transaction():
        hold(deal)
        assert deal.version == 2


def test_what_the_transaction_itself_changed_is_read_again(sales: Pipeline) -> None:
    deal = factories.deal(sales)
    with transaction():
        assert deal.version == 1
        _set_version(deal, 2)
        hold(deal)
        assert deal.version == 2


def _behind_its_back(deal: Opportunity) -> None:
    with db.engine.begin() as connection:
        connection.execute(update(Opportunity).where(Opportunity.id == deal.id).values(version=2))


def _set_version(deal: Opportunity, version: int) -> None:
    unseen = update(Opportunity).where(Opportunity.id == deal.id).values(version=version)
    db.session.execute(unseen.execution_options(synchronize_session=False))
