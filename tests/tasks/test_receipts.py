"""The receipt's mail: by relay, worker and a real SMTP server, once an order, however often the purchase is told of."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import offline_payments, orders, receipts
from pipeline.domain.buying_facts import OpportunityPurchased, ReceiptNotSent
from pipeline.domain.offline_payments import Method
from pipeline.domain.paying import winning
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.transaction import transaction
from tests import factories, selling
from tests.cast import Cast
from tests.support.history import facts
from tests.tasks.conftest import Engine, Server


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Lima", email="ana@example.com")
    return factories.deal(factories.sales_pipeline(), owner=cast.olive, contact=ana)


@pytest.fixture
def order(deal: Opportunity) -> Order:
    return selling.order(deal, price=10_000, tax_rate=1_900)


def purchase(deal: Opportunity) -> Event:
    """Through a link; gives the event of it."""
    link = selling.link(deal, selling.line(deal, "Setup <&>", price=10_000, quantity=2, tax_rate=770))
    payment = selling.payment(deal, 21_540, link_id=link.id)
    with transaction():
        winning.win(link, payment)
    return db.session.scalars(select(Event).where(Event.kind == OpportunityPurchased.kind())).one()


def pay(order: Order, amount: int) -> None:
    with transaction():
        offline_payments.record(order, amount, received_on=clock.today(), method=Method.CASH, by=None)


@pytest.mark.usefixtures("by_smtp")
def test_who_buys_gets_one_receipt(engine: Engine, server: Server, deal: Opportunity) -> None:
    purchase(deal)
    engine.run()
    mail = server.read()
    order = db.session.scalars(select(Order)).one()
    assert (mail["To"], mail["Reply-To"]) == ("Ana Lima <ana@example.com>", "olive@example.com")
    assert mail["Subject"] == "Receipt for order 1001"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for words in (
        "Hello Ana,",
        "2 × Setup <&>: $200.00",
        "Tax 7.7% on $200.00: $15.40",
        "Total: $215.40",
        "Paid in full.",
        "no real money moved",
        f"http://pipeline.example/buy/{order.link.token}/receipt",
    ):
        assert words in text
    assert "Setup &lt;&amp;&gt;" in html
    assert f'href="http://pipeline.example/buy/{order.link.token}/receipt"' in html


@pytest.mark.usefixtures("by_smtp")
def test_being_told_again_mails_nothing_again(engine: Engine, server: Server, deal: Opportunity) -> None:
    event = purchase(deal)
    for _ in range(3):
        with transaction():
            receipts.follow(event)
        engine.run()
    assert len(server.taken) == 1


@pytest.mark.usefixtures("by_smtp")
def test_an_order_by_hand_is_receipted_when_it_is_first_paid_in_full(
    engine: Engine, server: Server, order: Order
) -> None:
    pay(order, 11_000)
    engine.run()
    assert server.taken == []
    pay(order, 900)
    engine.run()
    text = server.read().get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"http://pipeline.example/buy/orders/{order.token}" in text
    pay(order, 900)
    engine.run()
    assert len(server.taken) == 1


def test_without_an_address_the_timeline_says_so_once(engine: Engine, cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    order = selling.order(deal)
    pay(order, 10_000)
    pay(order, 1)
    engine.run()
    assert facts(deal, ReceiptNotSent) == [ReceiptNotSent(order.id, 1001, "the buyer has no mail address")]


@pytest.mark.usefixtures("by_smtp")
def test_a_person_sends_it_again(engine: Engine, server: Server, order: Order, cast: Cast, app: Flask) -> None:
    for _ in range(2):
        with transaction():
            receipts.send_again(orders.found(1001, to=cast.olive), by=cast.olive)
    engine.run()
    assert len(server.taken) == 2
    assert b"Balance due: $119.00" in server.taken[0]
