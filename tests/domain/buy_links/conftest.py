"""A deal with one product on it, at noon."""

from datetime import UTC, datetime

import pytest

from pipeline import clock
from tests import factories

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def sales(cast):
    return factories.sales_pipeline()


@pytest.fixture
def books(app):
    return factories.product("Books", 10_000, tax_rate=2000)


@pytest.fixture
def deal(sales, cast, books):
    deal = factories.deal(sales, "Acme", owner=cast.olive)
    factories.line(deal, books, quantity=2)
    return deal
