"""What a verb takes in hand it knows as it is now, and asks no more often than that takes."""

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.domain.holding import hold
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
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
