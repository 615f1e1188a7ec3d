"""A deal of Olive's, and the browsers of those who try things on it."""

import pytest

from pipeline.domain import moves, owning
from pipeline.models.opportunity import Opportunity, ShareLevel, Status
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline) -> Opportunity:
    return factories.deal(pipeline, "Acme", owner=cast.olive)


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def reader(visit, cast, deal):
    """Stan, with whom the deal is shared to read."""
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    return visit(cast.stan)


@pytest.fixture
def closed(deal):
    with transaction():
        moves.set_status(deal, Status.ABANDONED, by=None)
    return deal
