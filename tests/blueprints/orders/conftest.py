"""An order of Olive's, and who looks at it."""

import pytest

from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from tests import factories, selling
from tests.cast import Cast


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Lima", email="ana@example.com")
    return factories.deal(factories.sales_pipeline(), "Kestrel", owner=cast.olive, contact=ana)


@pytest.fixture
def order(deal: Opportunity) -> Order:
    return selling.order(deal, price=10_000, tax_rate=1_900)
