"""Giving money back and keeping what came late, twice or not as asked: by owner and admins, from order and list."""

import pytest

from pipeline.models.opportunity import Status
from pipeline.models.order import OrderState
from pipeline.models.payment import PaymentFlag, Provider, RefundState
from pipeline.transaction import transaction
from tests import selling


@pytest.fixture
def payment(order):
    return selling.payment(order, 11_900)


def test_the_dialog_offers_all_that_is_left(visit, cast, payment):
    selling.refund(payment, 1_900)
    for person in (cast.ada, cast.olive):
        page = visit(person).soup(f"/payments/{payment.id}/refunds/new")
        assert page.select_one("[name=amount]")["value"] == "100.00"
    assert "dialog" in visit(cast.olive).get(f"/payments/{payment.id}/refunds/new", htmx=True).text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_part_of_it_is_given_back(visit, cast, order, payment, afresh, htmx):
    visitor = visit(cast.olive)
    answer = visitor.post(f"/payments/{payment.id}/refunds", htmx=htmx, amount="19", reason="Sorry")
    assert answer.headers.get("HX-Redirect" if htmx else "Location") == "/orders/1001"
    afresh()
    [refund] = payment.refunds
    assert (refund.amount, refund.reason, refund.state, refund.by) == (1_900, "Sorry", RefundState.WAITING, cast.olive)
    assert order.state is OrderState.PARTLY_REFUNDED
    section = visitor.soup("/orders/1001").select_one("#order-1001-payments")
    assert section["hx-get"] == "/orders/1001/payments"
    assert "Being given back" in visitor.get("/orders/1001/payments", htmx=True).text
    assert visitor.get("/orders/1001/payments").headers["Location"] == "/orders/1001"


def test_what_came_by_hand_goes_back_at_once(visit, cast, order, afresh):
    payment = selling.payment(order, 11_900, provider=Provider.OFFLINE, method="cash")
    visit(cast.olive).post(f"/payments/{payment.id}/refunds", amount="119")
    afresh()
    assert (payment.refunds[0].state, order.state) == (RefundState.DONE, OrderState.REFUNDED)
    assert "hx-get" not in visit(cast.olive).soup("/orders/1001").select_one("#order-1001-payments").attrs


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("amount", ["", "0", "-1", "all", "119.01"])
def test_no_more_goes_back_than_came(visit, cast, payment, afresh, amount, htmx):
    assert visit(cast.olive).post(f"/payments/{payment.id}/refunds", htmx=htmx, amount=amount).status_code == 422
    afresh()
    assert payment.refunds == []


def test_a_second_press_gives_nothing_back_twice(visit, cast, payment, afresh):
    for _ in range(2):
        visit(cast.olive).post(f"/payments/{payment.id}/refunds", amount="10", form_key="one and the same")
    afresh()
    assert len(payment.refunds) == 1


@pytest.mark.parametrize("address", ["/payments/{0}/refunds", "/payments/{0}/acceptance", "/refunds/{1}/retries"])
def test_only_owner_and_admins_decide_about_money(visit, cast, payment, address, client):
    refund = selling.refund(payment, 100, state=RefundState.FAILED)
    address = address.format(payment.id, refund.id)
    assert visit(cast.stan).post(address, amount="1").status_code == 404
    with transaction():
        cast.stan.may_view_all = cast.stan.may_edit_all = True
    assert visit(cast.stan).post(address, amount="1").status_code == 403
    assert "Give back…" not in visit(cast.stan).get("/orders/1001").text
    assert visit(cast.stan).post(address.replace(str(refund.id), "999"), amount="1").status_code in (403, 404)


def test_a_refund_that_failed_is_asked_for_again(visit, cast, payment, afresh):
    refund = selling.refund(payment, 100, state=RefundState.FAILED)
    visitor = visit(cast.olive)
    assert f'action="/refunds/{refund.id}/retries"' in visitor.get("/orders/1001").text
    assert visitor.post(f"/refunds/{refund.id}/retries").headers["Location"] == "/orders/1001"
    afresh()
    assert refund.state is RefundState.WAITING
    assert visitor.post(f"/refunds/{refund.id}/retries").status_code == 422


@pytest.mark.parametrize(("said", "state"), [("yes", RefundState.DONE), ("no", RefundState.FAILED)])
def test_a_person_says_how_a_refund_went_that_nobody_knows_of(visit, cast, payment, afresh, said, state):
    refund = selling.refund(payment, 100, state=RefundState.UNKNOWN)
    visitor = visit(cast.olive)
    assert "It was not done" in visitor.get("/orders/1001").text
    visitor.post(f"/refunds/{refund.id}/declarations", done=said)
    afresh()
    assert refund.state is state


def test_late_money_is_accepted_from_the_list_and_wins_the_deal(visit, cast, deal, afresh):
    link = selling.link(deal)
    payment = selling.payment(deal, flag=PaymentFlag.LATE, link_id=link.id)
    visitor = visit(cast.olive)
    assert f'action="/payments/{payment.id}/acceptance"' in visitor.get("/orders").text
    assert visitor.post(f"/payments/{payment.id}/acceptance").headers["Location"] == "/orders/1001"
    afresh()
    assert (deal.status, payment.awaits_decision) == (Status.WON, False)
    assert "Needs a decision" not in visitor.get("/orders").text


def test_late_money_without_an_order_goes_back_to_its_deal(visit, cast, deal):
    payment = selling.payment(deal, flag=PaymentFlag.LATE)
    answer = visit(cast.olive).post(f"/payments/{payment.id}/refunds", amount="1")
    assert answer.headers["Location"] == f"/opportunities/{deal.id}"


def test_a_deal_stays_won_when_a_double_payment_goes_back(visit, cast, deal, afresh):
    link = selling.link(deal)
    first = selling.payment(deal, flag=PaymentFlag.LATE, link_id=link.id)
    visitor = visit(cast.olive)
    visitor.post(f"/payments/{first.id}/acceptance")
    afresh()
    order = selling.order_of(link)
    double = selling.payment(order, flag=PaymentFlag.DOUBLE, link_id=link.id)
    afresh()
    assert order.state is OrderState.OVERPAID
    assert "Paid twice" in visitor.get(f"/orders/{order.number}").text
    visitor.post(f"/payments/{double.id}/refunds", amount="100")
    afresh()
    assert (order.state, deal.status) == (OrderState.PAID, Status.WON)


@pytest.mark.parametrize("page", ["/orders", "/opportunities/1"])
def test_money_that_is_going_back_waits_for_nobody_unless_that_gets_lost(visit, cast, deal, page):
    payment = selling.payment(deal, flag=PaymentFlag.LATE)
    refund = selling.refund(payment, state=RefundState.WAITING)
    visitor = visit(cast.olive)
    text = visitor.get(page).text
    assert f"/payments/{payment.id}/acceptance" not in text
    with transaction():
        refund.state = RefundState.UNKNOWN
    text = visitor.get(page).text
    assert f"/payments/{payment.id}/acceptance" not in text
    assert f'action="/refunds/{refund.id}/declarations"' in text
    with transaction():
        refund.state = RefundState.FAILED
    assert f'action="/payments/{payment.id}/acceptance"' in visitor.get(page).text
