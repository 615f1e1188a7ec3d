"""What a deal's record says of its orders and of money that waits."""

from pipeline.models.opportunity import Status
from pipeline.models.payment import PaymentFlag
from pipeline.transaction import transaction
from tests import selling
from tests.support.counting import statements


def section(visitor, deal):
    return visitor.soup(f"/opportunities/{deal.id}").select_one(f"#opportunity-{deal.id}-orders")


def words(tag):
    return " ".join(tag.get_text(" ", strip=True).split())


def test_a_deal_without_products_and_orders_says_nothing_of_them(visit, cast, deal):
    assert section(visit(cast.olive), deal).has_attr("hidden")


def test_with_products_an_order_can_be_placed(visit, cast, deal):
    selling.line(deal)
    box = section(visit(cast.olive), deal)
    assert not box.has_attr("hidden")
    assert box.select_one("a.button")["href"] == f"/opportunities/{deal.id}/orders/new"


def test_its_orders_are_told_with_their_state(visit, cast, deal):
    selling.payment(selling.order(deal), 5_000)
    selling.order(deal, price=700)
    assert "Order 1002 Unpaid $7 Order 1001 Partly paid $100" in words(section(visit(cast.olive), deal))


def test_money_that_waits_is_decided_here_by_who_may(visit, cast, deal):
    payment = selling.payment(deal, 3_300, flag=PaymentFlag.LATE, remark="the offer had expired")
    box = section(visit(cast.olive), deal)
    assert "$33 Late Test The offer had expired. Keep it or give it back?" in words(box)
    assert box.select_one(f'form[action="/payments/{payment.id}/acceptance"]')
    with transaction():
        cast.stan.may_view_all = True
    assert "owner or an admin decides" in words(section(visit(cast.stan), deal))
    assert not section(visit(cast.stan), deal).select("form")


def test_late_money_on_a_lost_deal_is_seen_too(visit, cast, deal):
    with transaction():
        deal.status = Status.LOST
    selling.payment(deal, flag=PaymentFlag.LATE)
    assert "Late" in words(section(visit(cast.olive), deal))


def test_many_orders_ask_for_no_more(visit, cast, deal):
    visitor, counts = visit(cast.olive), []
    for _ in range(2):
        selling.many_orders(deal, 10)
        selling.payment(deal, flag=PaymentFlag.LATE)
        visitor.get(f"/opportunities/{deal.id}")
        with statements() as asked:
            visitor.get(f"/opportunities/{deal.id}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_timeline_tells_of_money_with_links_to_it(visit, cast, deal):
    selling.line(deal)
    visitor = visit(cast.olive)
    visitor.post(f"/opportunities/{deal.id}/orders")
    cheque = {"received_on": "2026-03-02", "method": "cheque", "amount": "40"}
    visitor.post("/orders/1001/payments", **cheque)
    visitor.post("/payments/1/refunds", amount="15", reason="Sorry")
    visitor.post("/orders/1001/payments", **cheque)
    visitor.post("/payments/2/taking-back", reason="It bounced")
    past = visitor.soup(f"/opportunities/{deal.id}").select_one(".record-past")
    told = words(past)
    for sentence in (
        "Olive Owner placed order 1001 over $100",
        "Olive Owner recorded a payment of $40",
        "Olive Owner asked to give back $15 : Sorry",
        "Olive Owner gave back $15",
        "Olive Owner took back the payment of $40 : It bounced",
    ):
        assert sentence in told
    assert past.select_one('a[href="/orders/1001"]')
    assert visitor.get(past.select_one('a[href^="/payments/"]')["href"]).headers["Location"] == "/orders/1001"
