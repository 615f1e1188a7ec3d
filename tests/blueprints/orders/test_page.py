"""The page of an order: what was bought, taxed, paid and given back."""

import pytest

from pipeline.domain import opportunities
from pipeline.models.payment import PaymentState, RefundState
from pipeline.transaction import transaction
from tests import selling
from tests.support.counting import statements


def test_it_shows_lines_tax_payments_and_what_is_left(visit, cast, order, deal):
    selling.refund(selling.payment(order, 5_000, method="card"), 1_000)
    page = visit(cast.olive).soup("/orders/1001")
    lines = page.select_one(".order-lines").get_text(" ", strip=True)
    assert "Net $100.00 Tax 19% on $100.00 $19.00 Total $119.00" in lines
    payments = page.select_one(".payments").get_text(" ", strip=True)
    assert "$50 Test" in payments
    assert "Sandbox, card" in payments
    assert "$10 Given back" in payments
    facts = page.select_one(".facts").get_text(" ", strip=True)
    assert "$79.00 to be paid" in facts
    assert "Ana Lima ana@example.com" in facts
    assert page.select_one(f'.facts a[href="/opportunities/{deal.id}"]').text == "Kestrel"


@pytest.mark.parametrize("page", ["/orders/1001", "/orders/1001/payments/new"])
def test_a_stranger_finds_none(visit, cast, order, page):
    assert visit(cast.stan).get(page).status_code == 404
    assert visit(cast.ada).get("/orders/9999").status_code == 404


def test_who_only_reads_it_changes_nothing(visit, cast, order):
    with transaction():
        cast.stan.may_view_all = True
    visitor = visit(cast.stan)
    text = visitor.get("/orders/1001").text
    assert "You can see this opportunity but not change it" in text
    assert "Record payment" not in text
    assert visitor.get("/orders/1001/payments/new").status_code == 403
    assert visitor.post("/orders/1001/payments", amount="1", received_on="2026-03-01", method="cash").status_code == 403


def test_an_order_stays_readable_when_its_deal_was_deleted(visit, cast, order, deal):
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    page = visit(cast.olive).get("/orders/1001")
    assert "Its deal was deleted" in page.text
    assert f'href="/opportunities/{deal.id}"' not in page.text
    assert "Record payment" not in page.text


@pytest.mark.parametrize("state", list(RefundState))
def test_a_refund_says_where_it_stands(visit, cast, order, state):
    selling.refund(selling.payment(order), 100, state=state)
    words = {"waiting": "Being given back", "done": "Given back", "failed": "Not given back", "unknown": "Not certain"}
    assert words[state] in visit(cast.olive).soup("/orders/1001").select_one(".refund").get_text(" ", strip=True)


def test_many_payments_ask_for_no_more(visit, cast, order):
    visitor, counts = visit(cast.olive), []
    for count in (1, 12):
        for _ in range(count):
            selling.refund(selling.payment(order, 10, recorded_by_id=cast.ada.id), 1)
        selling.payment(order, state=PaymentState.PENDING)
        visitor.get("/orders/1001")
        with statements() as asked:
            visitor.get("/orders/1001")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
