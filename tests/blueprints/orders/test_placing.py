"""Placing an order by hand, and winning the deal with it."""

import pytest

from pipeline.extensions import db
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from tests import factories, selling


@pytest.fixture
def address(deal):
    return f"/opportunities/{deal.id}/orders"


def orders():
    db.session.rollback()
    return db.session.query(Order).all()


def test_the_dialog_shows_what_would_be_ordered(visit, cast, deal, address):
    assert "put products on the deal first" in visit(cast.olive).get(f"{address}/new").text
    selling.line(deal, "Setup", price=10_000, tax_rate=700)
    for htmx in (True, False):
        text = visit(cast.olive).get(f"{address}/new", htmx=htmx).text
        assert "Setup" in text
        assert "$107.00" in text
    assert orders() == []


@pytest.mark.parametrize("htmx", [True, False])
def test_an_order_is_placed_and_the_deal_stays_open(visit, cast, deal, address, htmx):
    selling.line(deal)
    answer = visit(cast.olive).post(address, htmx=htmx, order_note="Invoice 7")
    assert answer.headers.get("HX-Redirect" if htmx else "Location") == "/orders/1001"
    [order] = orders()
    assert (order.note, order.placed_by, order.opportunity.status) == ("Invoice 7", cast.olive, Status.OPEN)


def test_the_deal_is_won_with_it_when_that_is_wished(visit, cast, deal, address):
    selling.line(deal)
    visit(cast.olive).post(address, wins="y")
    [order] = orders()
    assert order.opportunity.status is Status.WON


@pytest.mark.parametrize("htmx", [True, False])
def test_a_required_reason_is_asked_for_first_and_nothing_is_ordered_without(visit, cast, deal, address, htmx):
    selling.line(deal)
    [price, _] = factories.win_reasons(deal.pipeline, "Price", "Service")
    visitor = visit(cast.olive)
    asked = visitor.post(address, htmx=htmx, wins="y", order_note="Invoice 7", form_key="one")
    assert asked.status_code == 422
    for again in (f'action="{address}"', 'name="order_note" value="Invoice 7"', 'name="wins" value="y"'):
        assert again in asked.text
    assert orders() == []
    assert visitor.post(address, htmx=htmx, wins="y", reason_id=price.id, form_key="one").status_code in (204, 303)
    [order] = orders()
    assert order.opportunity.reason.text == "Price"


def test_a_second_press_orders_nothing_twice(visit, cast, deal, address):
    selling.line(deal)
    for _ in range(2):
        visit(cast.olive).post(address, form_key="one and the same")
    assert len(orders()) == 1


def test_nothing_is_ordered_of_nothing_or_with_a_novel(visit, cast, deal, address):
    assert visit(cast.olive).post(address).status_code == 422
    selling.line(deal)
    assert visit(cast.olive).post(address, order_note="x" * 2_001).status_code == 422
    assert orders() == []


def test_a_stranger_orders_nothing(visit, cast, deal, address, client):
    selling.line(deal)
    assert visit(cast.stan).get(f"{address}/new").status_code == 404
    assert visit(cast.stan).post(address).status_code == 404
    assert client.get(f"{address}/new").status_code == 303
    assert orders() == []
