"""Writing down money that came without a provider, and taking it back."""

import pytest

from pipeline.models.order import OrderState
from pipeline.models.payment import PaymentState
from tests import selling

CHEQUE = {"received_on": "2026-03-02", "method": "cheque", "remark": "No. 12"}


def test_the_dialog_offers_what_is_still_to_be_paid(visit, cast, order):
    selling.payment(order, 1_900)
    page = visit(cast.olive).soup("/orders/1001/payments/new")
    assert page.select_one("[name=amount]")["value"] == "100.00"
    assert "dialog" in visit(cast.olive).get("/orders/1001/payments/new", htmx=True).text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_payment_is_recorded(visit, cast, order, afresh, htmx):
    answer = visit(cast.olive).post("/orders/1001/payments", htmx=htmx, amount="119", **CHEQUE)
    assert answer.headers.get("HX-Redirect" if htmx else "Location") == "/orders/1001"
    assert answer.status_code == (204 if htmx else 303)
    afresh()
    assert order.state is OrderState.PAID
    assert order.payments[0].remark == "No. 12"


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "", **CHEQUE},
        {"amount": "lots", **CHEQUE},
        {"amount": "0", **CHEQUE},
        {"amount": "-5", **CHEQUE},
        {"amount": "5", **CHEQUE, "received_on": "2999-01-01"},
        {"amount": "5", **CHEQUE, "received_on": "soon"},
        {"amount": "5", **CHEQUE, "method": "magic"},
        {"amount": "5", **CHEQUE, "remark": "x" * 501},
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(visit, cast, order, afresh, wrong, htmx):
    assert visit(cast.olive).post("/orders/1001/payments", htmx=htmx, **wrong).status_code == 422
    afresh()
    assert order.payments == []


def test_a_second_press_records_nothing_twice(visit, cast, order, afresh):
    visitor = visit(cast.olive)
    for _ in range(2):
        visitor.post("/orders/1001/payments", amount="10", form_key="one and the same", **CHEQUE)
    afresh()
    assert len(order.payments) == 1


def test_a_stranger_records_nothing(visit, cast, order):
    assert visit(cast.stan).post("/orders/1001/payments", amount="10", **CHEQUE).status_code == 404


def test_a_payment_is_taken_back_for_a_reason(visit, cast, order, afresh):
    visitor = visit(cast.olive)
    visitor.post("/orders/1001/payments", amount="119", **CHEQUE)
    afresh()
    address = f"/payments/{order.payments[0].id}/taking-back"
    assert address in visitor.get("/orders/1001").text
    assert "counts no more" in visitor.get(f"{address}/new").text
    for htmx in (True, False):
        assert visitor.post(address, htmx=htmx, reason="").status_code == 422
    assert visitor.post(address, reason="It bounced").headers["Location"] == "/orders/1001"
    afresh()
    assert (order.payments[0].state, order.state) == (PaymentState.FAILED, OrderState.UNPAID)
    assert visitor.post(address, reason="Again").status_code == 422
    page = visitor.soup("/orders/1001").select_one(".payments").get_text(" ", strip=True)
    assert "Taken back" in page
    assert "It bounced" in page


def test_a_stranger_takes_nothing_back(visit, cast, order):
    payment = selling.payment(order)
    for address in (f"/payments/{payment.id}/taking-back", "/payments/999/taking-back"):
        assert visit(cast.stan).post(address, reason="Mine").status_code == 404
        assert visit(cast.stan).get(f"{address}/new").status_code == 404
