"""Orders: at the price that was offered, once a link, told on the deal, and refused to whoever may not place them."""

import pytest

from pipeline.domain import orders
from pipeline.domain.buying_facts import OrderPlaced
from pipeline.domain.receipt_texts import Words
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import Provider
from pipeline.models.product import Charge
from pipeline.transaction import transaction
from tests import factories, selling
from tests.cast import Cast
from tests.support.history import facts, last_event


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    company = factories.contact("Lima Ltd", is_company=True)
    ana = factories.contact("Ana Lima", email="ana@example.com", company=company)
    return factories.deal(factories.sales_pipeline(), owner=cast.olive, contact=ana)


def place_by_hand(deal: Opportunity, **known) -> Order:
    with transaction():
        return orders.place_by_hand(deal, **known)


def place_for(link, **known) -> Order:
    with transaction():
        return orders.place_for(link, **known)


def test_an_order_by_hand_takes_the_lines_as_they_stand(deal, cast, afresh):
    selling.line(deal, "Setup", price=10_050, quantity=3, discount=1_000, tax_rate=1_900)
    selling.line(deal, "Care", price=2_000, charge=Charge.SUBSCRIPTION, interval_months=1, trial_days=14)
    order = place_by_hand(deal, by=cast.olive, note=" By invoice 7 \r\n")
    afresh()
    assert [(line.name, line.quantity, line.net, line.tax) for line in order.lines] == [
        ("Setup", 3, 27_135, 5_156),
        ("Care", 1, 2_000, 0),
    ]
    assert (order.net, order.tax, order.total, order.currency) == (29_135, 5_156, 34_291, "USD")
    assert (order.buyer_name, order.buyer_email) == ("Ana Lima, Lima Ltd", "ana@example.com")
    assert (order.placed_by, order.link, order.note) == (cast.olive, None, "By invoice 7")
    assert (order.state, order.balance) == (OrderState.UNPAID, 34_291)
    assert facts(deal, OrderPlaced) == [OrderPlaced(order.id, order.number, 34_291, "USD")]
    assert (last_event(deal).actor_id, last_event(deal).via) == (cast.olive.id, "screen")
    assert deal.status is Status.OPEN


def test_it_stays_as_it_was_whatever_becomes_of_product_and_contact(deal, cast, afresh):
    line = selling.line(deal, "Setup")
    order = place_by_hand(deal, by=cast.olive)
    with transaction():
        line.product.name, line.product.price, deal.contact.name = "Set-up", 1, "Ana Silva"
        line.quantity = 9
    afresh()
    assert (order.lines[0].name, order.total, order.buyer_name) == ("Setup", 10_000, "Ana Lima, Lima Ltd")


def test_what_a_link_offered_is_ordered_once(deal, afresh):
    link = selling.link(deal, selling.line(deal, "Setup", price=5_000, tax_rate=700))
    order = place_for(link, subscription_ref="sub_1")
    again = place_for(link)
    afresh()
    assert again is order
    assert (order.link, order.placed_by, order.subscription_ref) == (link, None, "sub_1")
    assert (order.net, order.tax) == (link.net, link.tax) == (5_000, 350)
    assert facts(deal, OrderPlaced) == [OrderPlaced(order.id, order.number, 5_350, "USD")]
    assert last_event(deal).via == "purchase"


def test_a_link_sells_what_it_offered_not_what_the_deal_has_now(deal):
    link = selling.link(deal, selling.line(deal, "Setup"))
    selling.line(deal, "More")
    assert [line.name for line in place_for(link).lines] == ["Setup"]


def test_numbers_follow_each_other_and_tokens_do_not(deal):
    first, second = selling.order(deal), selling.order(deal)
    assert (first.number, second.number) == (1001, 1002)
    assert first.token != second.token
    assert len(first.token) == 32


def test_a_deal_without_lines_has_nothing_to_order(deal, cast):
    with pytest.raises(RuleBroken, match="put products on the deal"):
        place_by_hand(deal, by=cast.olive)


def test_a_note_is_no_novel(deal, cast):
    selling.line(deal)
    with pytest.raises(RuleBroken, match="2,000 letters"):
        place_by_hand(deal, by=cast.olive, note="x" * 2_001)


def test_a_stranger_orders_nothing_and_a_reader_neither(deal, cast):
    selling.line(deal)
    with pytest.raises(NotVisible):
        place_by_hand(deal, by=cast.stan)
    with transaction():
        cast.stan.may_view_all = True
    with pytest.raises(NotAllowed):
        place_by_hand(deal, by=cast.stan)
    assert db.session.query(Order).count() == 0


def test_what_was_refused_takes_no_number(deal, cast):
    with pytest.raises(RuleBroken), transaction():
        orders.next_number()
        raise RuleBroken("Changed my mind.")
    assert selling.order(deal).number == 1001


def test_a_trial_is_not_due_before_it_ends_and_the_receipt_says_so(deal, cast, afresh):
    selling.line(deal, "Setup", price=10_000)
    selling.line(deal, "Care", price=2_000, charge=Charge.SUBSCRIPTION, interval_months=1, trial_days=14)
    order = place_by_hand(deal, by=cast.olive)
    assert (order.due_now, order.due_later) == (12_000, 0)
    with transaction():
        order.subscription_ref = "sub_1"
    selling.payment(order, 10_000, provider=Provider.OFFLINE)
    afresh()
    assert (order.balance, order.due_now, order.due_later) == (2_000, 0, 2_000)
    assert "Paid in full. Due after the trial: $20.00." in Words(order, "https://example.com").text
