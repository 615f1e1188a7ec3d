"""A pipeline of Olive's deals, and the workers' part done at once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain.bulk import runs
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkRun
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deals(sales: Pipeline, cast: Cast) -> list[Opportunity]:
    return [factories.deal(sales, title, owner=cast.olive) for title in ("Acme", "Bolt", "Crane")]


@pytest.fixture
def finish(afresh: Callable[[], None]) -> Callable[[], BulkRun]:
    """Does all of the last run, and gives it."""

    def finished() -> BulkRun:
        afresh()
        run = db.session.scalars(select(BulkRun).order_by(BulkRun.id.desc()).limit(1)).one()
        while run.is_running:
            with transaction():
                runs.go_on(run.id)
        return run

    return finished


def many(sales: Pipeline, cast: Cast) -> list[Opportunity]:
    """Too many to wait for."""
    return [factories.deal(sales, f"Deal {number}", owner=cast.olive) for number in range(runs.FEW + 1)]


def ids(deals: list[Opportunity]) -> str:
    return ",".join(str(deal.id) for deal in deals)
