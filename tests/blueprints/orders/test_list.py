"""The list of orders: found, narrowed, counted, exported as seen, and only what one may see."""

import csv
from io import StringIO

import pytest

from pipeline.models.payment import PaymentFlag
from pipeline.transaction import transaction
from tests import factories, selling
from tests.support.counting import statements


def test_it_shows_what_was_ordered_and_what_it_comes_to(visit, cast, order):
    selling.payment(order, 5_000)
    page = visit(cast.olive).soup("/orders")
    [row] = page.select(".orders tbody tr")
    assert (
        " ".join(row.get_text(" ", strip=True).split()) == "1001 just now Ana Lima Kestrel Partly paid $119.00 $69.00"
    )
    [sums] = page.select(".sums li")
    assert sums.get_text(" ", strip=True) == "1 order $119 ordered $50 received $69 to be paid"


def test_nobody_has_ordered_yet(visit, cast):
    assert "No orders yet" in visit(cast.olive).get("/orders").text


def test_what_nothing_matches_says_how_to_get_out(visit, cast, order):
    text = visit(cast.olive).get("/orders?state=paid").text
    assert "No order matches" in text
    assert "Show all orders" in text


@pytest.mark.parametrize("asked", ["state=nonsense", "from=tomorrow", "to=2026-99-99", "below=-1", "q=%00%20"])
def test_nonsense_in_the_address_is_left_out(visit, cast, order, asked):
    assert "Kestrel" in visit(cast.olive).get(f"/orders?{asked}").text


def test_a_stranger_sees_none_of_it(visit, cast, order):
    selling.payment(order, flag=PaymentFlag.DOUBLE)
    for page in ("/orders", "/orders?q=1001", "/orders.csv"):
        text = visit(cast.stan).get(page).text
        assert "Kestrel" not in text
        assert "119." not in text


def test_signed_out_one_signs_in_first(client):
    for page in ("/orders", "/orders.csv", "/orders/1001"):
        assert client.get(page).status_code == 303


def test_the_next_page_goes_on_below(visit, cast, deal):
    selling.many_orders(deal, 51)
    page = visit(cast.olive).soup("/orders?state=unpaid")
    [older] = page.select(".pagination a")
    assert older["href"] == "/orders?below=1002&state=unpaid"
    [row] = visit(cast.olive).soup(older["href"]).select(".orders tbody tr")
    assert row.th.get_text(strip=True) == "1001"


def test_the_page_asks_as_little_for_a_thousand_as_for_ten(visit, cast, deal):
    counts = []
    visitor = visit(cast.olive)
    for count in (10, 990):
        selling.many_orders(deal, count)
        visitor.get("/orders")
        with statements() as asked:
            visitor.get("/orders")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_file_holds_what_is_filtered_and_no_formulas(visit, cast, deal):
    with transaction():
        deal.title = "=cmd|' /C calc'!A0"
    selling.payment(selling.order(deal, price=10_050), 50)
    paid = selling.order(deal, price=700)
    selling.payment(paid, 700)
    yen = factories.deal(factories.sales_pipeline("Japan", currency="JPY"), "Tokyo", owner=cast.olive)
    selling.order(yen, price=700)
    visitor = visit(cast.olive)
    rows = list(csv.DictReader(StringIO(visitor.get("/orders.csv").text.removeprefix("\ufeff"))))
    assert [(row["number"], row["deal"], row["total"], row["balance"], row["currency"]) for row in rows] == [
        ("1003", "Tokyo", "700", "700", "JPY"),
        ("1002", "'=cmd|' /C calc'!A0", "7.00", "0.00", "USD"),
        ("1001", "'=cmd|' /C calc'!A0", "100.50", "100.00", "USD"),
    ]
    answer = visitor.get("/orders.csv?state=paid")
    assert [row["number"] for row in csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))] == ["1002"]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=orders-")


def test_money_that_needs_a_decision_is_on_top_for_who_may_decide(visit, cast, order):
    selling.payment(order, 7_700, flag=PaymentFlag.DOUBLE, remark="the offer had been paid already")
    selling.payment(order.opportunity, 3_300, flag=PaymentFlag.LATE)
    with transaction():
        cast.stan.may_view_all = True
    for person in (cast.ada, cast.olive):
        [section] = visit(person).soup("/orders").select("#undecided")
        words = section.get_text(" ", strip=True)
        assert "$77 Paid twice" in words
        assert "For order 1001" in words
        assert "already" in words
        assert "$33 Late" in words
    assert not visit(cast.stan).soup("/orders").select("#undecided")
