"""The list of orders: whose they are, what they come to, and the same states in the database as in the model."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from pipeline import clock
from pipeline.domain import opportunities, orders
from pipeline.domain.rules import NotAllowed
from pipeline.extensions import db
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import PaymentState, RefundState
from pipeline.queries import order_list
from pipeline.queries.order_list import Total, Wanted
from pipeline.transaction import transaction
from tests import factories, selling
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def sales(cast):
    return factories.sales_pipeline()


def numbers(person, wanted=Wanted(), **known):  # noqa: B008 — a frozen dataclass
    db.session.rollback()
    return [line.number for line in order_list.listed(wanted, seen_by=person, **known).lines]


def test_one_sees_orders_of_deals_one_sees(sales, cast):
    mine = selling.order(factories.deal(sales, owner=cast.olive))
    theirs = selling.order(factories.deal(sales, owner=cast.stan))
    assert numbers(cast.olive) == [mine.number]
    assert numbers(cast.stan) == [theirs.number]
    assert numbers(cast.ada) == [theirs.number, mine.number]


def test_an_order_stays_when_its_deal_was_deleted(sales, cast):
    order = selling.order(deal := factories.deal(sales, owner=cast.olive))
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    [line] = order_list.listed(Wanted(), seen_by=cast.olive).lines
    assert (line.number, line.is_deal_gone) == (order.number, True)


def test_currencies_are_never_added_up(sales, cast):
    first = selling.order(factories.deal(sales, owner=cast.olive), price=10_000)
    second = selling.order(factories.deal(sales, owner=cast.olive), price=5_000)
    yen = selling.order(factories.deal(factories.sales_pipeline("Japan", currency="JPY"), owner=cast.olive), price=700)
    selling.payment(first, 4_000)
    selling.refund(selling.payment(second, 6_000), 500)
    selling.payment(yen, 700)
    assert order_list.listed(Wanted(), seen_by=cast.olive).totals == [
        Total("JPY", 1, 700, 700, 0),
        Total("USD", 2, 15_000, 9_500, 6_000),
    ]


def test_money_in_another_currency_pays_nothing(sales, cast):
    order = selling.order(factories.deal(sales, owner=cast.olive))
    selling.payment(order, 10_000, currency="EUR")
    [line] = order_list.listed(Wanted(), seen_by=cast.olive).lines
    assert (line.state, line.balance) == (OrderState.UNPAID, 10_000)


def test_what_a_subscription_is_charged_again_is_beyond_its_order(sales, cast):
    link = selling.link(factories.deal(sales, owner=cast.olive))
    with transaction():
        order = orders.place_for(link, subscription_ref="sub_1")
    selling.payment(order, 10_000, attempt=selling.attempt(link))
    selling.payment(order, 10_000)
    selling.payment(order, 10_000)
    assert (order.state, order.balance, order.received) == (OrderState.PAID, 0, 10_000)
    [line] = order_list.listed(Wanted(), seen_by=cast.olive).lines
    assert (line.state, line.received) == (OrderState.PAID, 10_000)


def test_each_order_is_found_by_its_state_and_by_no_other(sales, cast):
    deal = factories.deal(sales, owner=cast.olive)
    for paid, back, price in product((None, 1, 100, 150), (None, 1, 50, 100), (0, 100)):
        order = selling.order(deal, price=price)
        if paid is not None:
            payment = selling.payment(order, paid)
            if back is not None and back <= paid:
                selling.refund(payment, back)
                selling.refund(payment, 7, state=RefundState.FAILED)
        selling.payment(order, 999, state=PaymentState.PENDING)
        selling.payment(order, 999, state=PaymentState.FAILED)
    found = {state: set(numbers(cast.olive, Wanted(state=state))) for state in OrderState}
    meant = {state: {order.number for order in db.session.query(Order) if order.state is state} for state in OrderState}
    assert found == meant
    assert all(meant.values()), meant
    for line in order_list.every_line(Wanted(), seen_by=cast.olive):
        order = db.session.query(Order).filter_by(number=line.number).one()
        assert (line.state, line.balance, line.is_pending) == (order.state, order.balance, True)
    listed = order_list.listed(Wanted(), seen_by=cast.olive)
    assert listed.totals[0].due == sum(max(line.balance, 0) for line in listed.lines)


@pytest.mark.parametrize("text", ["1001", "#1001", "lima", "ANA@", "kestrel"])
def test_an_order_is_found_by_number_buyer_and_deal(sales, cast, text):
    ana = factories.contact("Ana Lima", email="ana@example.com")
    wanted = selling.order(factories.deal(sales, "Kestrel", owner=cast.olive, contact=ana))
    selling.order(factories.deal(sales, "Other", owner=cast.olive))
    assert numbers(cast.olive, Wanted.read({"q": text})) == [wanted.number]


def test_who_may_not_search_finds_nothing(cast):
    with transaction():
        cast.olive.may_search = False
    with pytest.raises(NotAllowed):
        numbers(cast.olive, Wanted(text="lima"))


def test_days_are_the_readers(sales, cast):
    with transaction():
        cast.olive.time_zone = "Pacific/Auckland"
    deal = factories.deal(sales, owner=cast.olive)
    with clock.frozen(NOON):
        late = selling.order(deal)
    with clock.frozen(NOON - timedelta(hours=2)):
        early = selling.order(deal)
    tenth, eleventh = date(2026, 3, 10), date(2026, 3, 11)
    assert numbers(cast.olive, Wanted(start=tenth, end=tenth)) == [early.number]
    assert Wanted.read({"from": str(eleventh), "to": str(tenth)}) == Wanted(start=tenth, end=eleventh)
    assert numbers(cast.olive, Wanted(start=eleventh)) == [late.number]
    assert numbers(cast.ada, Wanted(start=tenth, end=tenth)) == [early.number, late.number]


def test_pages_go_by_number_whatever_is_placed_meanwhile(sales, cast):
    deal = factories.deal(sales, owner=cast.olive)
    selling.many_orders(deal, 60)
    first = order_list.listed(Wanted(), seen_by=cast.olive)
    assert [line.number for line in first.lines] == list(range(1060, 1010, -1))
    selling.order(deal)
    assert numbers(cast.olive, below=first.below) == list(range(1010, 1000, -1))
    assert first.count == 60


def test_a_thousand_orders_ask_no_more_than_ten(sales, cast):
    deal = factories.deal(sales, owner=cast.olive)
    counts = []
    for count in (10, 990):
        selling.many_orders(deal, count)
        db.session.rollback()
        with statements() as asked:
            order_list.listed(Wanted(state=OrderState.UNPAID), seen_by=cast.olive)
        counts.append(len(asked))
    assert counts[0] == counts[1] == 4  # who asks, and their groups; the page, and the totals
    assert len(list(order_list.every_line(Wanted(), seen_by=cast.olive))) == 1_000
