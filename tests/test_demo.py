"""The demo company: believable, whole, and never poured over real work."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from pipeline import clock, demo
from pipeline.domain import installation, passwords
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import Automation
from pipeline.models.buy_link import BuyLink, LinkQuestion, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import OutboxMessage
from pipeline.models.product import Bundle, Charge, Product
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor


def test_the_demo_is_a_company_with_half_a_year_behind_it(app: Flask) -> None:
    with transaction():
        demo.fill()
    db.session.rollback()
    statuses = Counter(db.session.scalars(db.select(Opportunity.status)))
    assert sum(statuses.values()) == demo.DEALS
    assert min(statuses[status] for status in Status) > 0
    ada = db.session.scalars(db.select(User).where(User.email == "ada@example.com")).one()
    assert ada.is_admin
    assert passwords.matches(demo.PASSWORD, ada.password_hash)
    assert db.session.scalar(db.select(db.func.count(Activity.id))) > 20
    assert db.session.scalar(db.select(db.func.count(Automation.id))) == 4
    moments = list(db.session.scalars(db.select(Event.happened_at)))
    assert min(moments) < clock.now() - timedelta(days=150)
    assert max(moments) <= clock.now()


def test_the_demo_sells_products_and_many_of_its_deals_are_worth_their_lines(app: Flask) -> None:
    with transaction():
        demo.fill()
    db.session.rollback()
    sold = list(db.session.scalars(db.select(Product)))
    assert {product.charge for product in sold} == set(Charge)
    assert all(product.price and product.tax_rate for product in sold)
    assert db.session.scalar(db.select(db.func.count(Bundle.id))) == 1
    quoted = Counter(db.session.scalars(db.select(Opportunity.status).where(Opportunity.lines_total.is_not(None))))
    assert quoted[Status.OPEN] > demo.DEALS // 10
    assert quoted[Status.WON] > demo.DEALS // 20
    astray = db.select(Opportunity.id).where(Opportunity.lines_total != Opportunity.value)
    assert db.session.scalars(astray).all() == []


def test_the_demo_has_buy_now_links_in_every_state_and_somebody_asked_and_bought(app: Flask) -> None:
    with transaction():
        demo.fill()
    db.session.rollback()
    states = Counter(db.session.scalars(db.select(BuyLink.state)))
    assert set(states) == set(LinkState)
    assert states[LinkState.ACTIVE] > 3
    assert db.session.scalar(db.select(db.func.sum(BuyLink.clicks))) > 3
    assert db.session.scalars(db.select(LinkQuestion.text)).first()
    bought = db.select(db.func.count(Order.id)).where(Order.link_id.is_not(None))
    assert db.session.scalar(bought) == states[LinkState.PURCHASED]


def test_the_demo_has_orders_in_every_state_under_numbers_without_gaps(app: Flask) -> None:
    with transaction():
        demo.fill()
    db.session.rollback()
    orders = list(db.session.scalars(db.select(Order).order_by(Order.placed_at)))
    assert [order.number for order in orders] == list(range(1001, 1001 + len(orders)))
    states = {order.state for order in orders}
    assert states == set(OrderState) - {OrderState.PARTLY_REFUNDED}
    assert [payment for order in orders for payment in order.payments if payment.awaits_decision]


def test_nothing_of_the_demos_past_falls_due_today(app: Flask) -> None:
    started = clock.now()
    with transaction():
        demo.fill()
    db.session.rollback()
    assert all(message.created_at >= started for message in db.session.scalars(db.select(OutboxMessage)))


def test_the_demo_is_not_poured_over_real_people(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="empty database"), transaction():
        demo.fill()


def test_a_day_passes_in_the_demo_at_the_press_of_a_button(app: Flask) -> None:
    with transaction():
        demo.fill()
    app.extensions["is_demo"] = None
    before = clock.now()
    olive = db.session.scalars(db.select(User).where(User.email == "olive@example.com")).one()
    try:
        assert Visitor(app, olive).post("/demo/days").status_code == 303
        assert clock.now() - before >= timedelta(days=1)
    finally:
        app.extensions["is_demo"] = None
        clock.shift(timedelta(0))


def test_the_clock_of_real_work_cannot_be_moved(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    factories.sales_pipeline()
    before = clock.now()
    assert visit(cast.ada).post("/demo/days").status_code == 403
    with pytest.raises(NotAllowed), transaction():
        installation.advance(1, by=cast.ada)
    assert clock.now() - before < timedelta(hours=1)
