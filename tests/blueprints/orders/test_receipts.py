"""The receipt that is printed, and its mail once more."""

import pytest

from pipeline.domain import skins
from pipeline.domain.logos import Logo
from pipeline.domain.skins import Look
from pipeline.extensions import db
from pipeline.models.mail import Mail
from pipeline.models.payment import PaymentState, Provider, RefundState
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories, selling


def receipt(visitor):
    return " ".join(visitor.soup("/orders/1001/receipt").select_one(".receipt").get_text(" ", strip=True).split())


def test_it_says_who_bought_what_from_whom(visit, cast, order):
    words = receipt(visit(cast.olive))
    for said in ("Receipt 1001", "For Ana Lima ana@example.com", "Tax 19% on $100.00 $19.00 Total $119.00"):
        assert said in words
    assert "Not paid yet" in words
    assert "Balance due $119.00" in words
    assert "test" not in words


def test_it_says_what_was_paid_and_given_back(visit, cast, order):
    payment = selling.payment(order, 11_900, provider=Provider.OFFLINE, method="cheque")
    selling.refund(payment, 1_900)
    selling.refund(payment, 500, state=RefundState.FAILED)
    selling.payment(order, 777, state=PaymentState.PENDING)
    selling.payment(order, 888, currency="EUR")
    words = receipt(visit(cast.olive))
    assert "Refunded in part" in words
    assert "by cheque $119.00" in words
    assert "− $19.00" in words
    for unsaid in ("Balance", "$5.00", "7.77", "8.88"):
        assert unsaid not in words


def test_a_test_says_that_it_is_one(visit, cast, order):
    selling.payment(order, 11_900)
    words = receipt(visit(cast.olive))
    assert "Paid" in words
    assert "This was a test: no real money moved." in words


def test_the_note_is_for_ourselves(visit, cast, deal):
    selling.order(deal, note="Difficult customer")
    assert "Difficult customer" in visit(cast.olive).get("/orders/1001").text
    assert "Difficult customer" not in receipt(visit(cast.olive))


@pytest.mark.parametrize("htmx", [True, False])
def test_its_mail_is_sent_again(visit, cast, order, afresh, htmx):
    answer = visit(cast.olive).post("/orders/1001/receipts", htmx=htmx)
    assert answer.headers.get("HX-Redirect" if htmx else "Location") == "/orders/1001"
    afresh()
    [mail] = db.session.query(Mail)
    assert (mail.to_address, mail.subject) == ("ana@example.com", "Receipt for order 1001")
    timeline = visit(cast.olive).get(f"/opportunities/{order.opportunity_id}").text
    assert "Receipt for order 1001" in timeline


def test_without_an_address_it_says_what_to_do(visit, cast):
    selling.order(factories.deal(factories.sales_pipeline(), owner=cast.olive))
    answer = visit(cast.olive).post("/orders/1001/receipts")
    assert answer.status_code == 422
    assert "has no mail address yet" in answer.text


def test_strangers_and_readers_send_none(visit, cast, order):
    assert visit(cast.stan).get("/orders/1001/receipt").status_code == 404
    assert visit(cast.stan).post("/orders/1001/receipts").status_code == 404
    with transaction():
        cast.stan.may_view_all = True
    assert visit(cast.stan).get("/orders/1001/receipt").status_code == 200
    assert visit(cast.stan).post("/orders/1001/receipts").status_code == 403


def test_it_wears_the_logo_that_the_offers_of_its_pipeline_wear(visit, cast, order):
    assert visit(cast.olive).soup("/orders/1001/receipt").select_one(".receipt img") is None
    with transaction():
        skin = skins.create(Look(name="Harbor"), by=None, logo=Logo(content=b"\x89PNG\r\n\x1a\n", type="image/png"))
        pipeline = db.session.get_one(Pipeline, order.opportunity.pipeline_id)
        pipeline.skin = skin
    logo = visit(cast.olive).soup("/orders/1001/receipt").select_one(".receipt img")
    assert visit(cast.olive).get(logo["src"]).status_code == 200
    assert visit(cast.olive).soup(f"/buy/orders/{order.token}").select_one(".receipt img") is None
