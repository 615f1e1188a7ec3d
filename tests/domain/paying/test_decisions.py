"""What a person decides about money that came late, twice or not as asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities, owning
from pipeline.domain.buying_facts import OpportunityPurchased, PaymentAccepted
from pipeline.domain.paying import decisions, refunds
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import LinkState
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import Payment
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts


def late(cast: Cast) -> Payment:
    link = buying.offer(owner=cast.olive)
    attempt = buying.begun(link)
    with transaction():
        moves.set_status(link.opportunity, Status.LOST, by=None)
    (payment,) = buying.pay(attempt)
    return payment


def order_of(payment: Payment) -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order).where(Order.link_id == payment.link_id)).one()


def test_late_money_that_is_accepted_buys_as_any_other(cast: Cast) -> None:
    payment = late(cast)
    for _ in range(2):
        with transaction():
            decisions.accept(payment, by=cast.olive)
    deal = payment.opportunity
    assert (deal.status, payment.link.state) == (Status.WON, LinkState.PURCHASED)
    assert (order_of(payment).state, payment.awaits_decision) == (OrderState.PAID, False)
    assert payment.decided_by_id == cast.olive.id
    assert (len(facts(deal, PaymentAccepted)), len(facts(deal, OpportunityPurchased))) == (1, 1)


def test_a_wrong_amount_that_is_accepted_leaves_a_balance(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    (payment,) = buying.pay(buying.begun(link), buying.money(buying.TOTAL - 500))
    with transaction():
        decisions.accept(payment, by=cast.ada)
    order = order_of(payment)
    assert (order.state, order.balance) == (OrderState.PARTLY_PAID, 500)
    assert payment.opportunity.status is Status.WON


def test_a_double_that_is_accepted_stays_with_the_order(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    _, double = buying.pay(buying.begun(link), buying.money(), buying.money())
    with transaction():
        decisions.accept(double, by=cast.olive)
    assert (order_of(double).state, double.awaits_decision) == (OrderState.OVERPAID, False)
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1


def test_late_money_for_what_was_bought_meanwhile_goes_to_its_order(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    wrong = buying.begun(link)
    with clock.travelled(timedelta(hours=23, minutes=59, seconds=30)):
        right = buying.begun(link)
    (payment,) = buying.pay(wrong, buying.money(1))
    buying.pay(right)
    with transaction():
        decisions.accept(payment, by=cast.olive)
    assert payment.order_id == order_of(payment).id
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1


def test_accepting_money_for_an_old_link_ends_the_new_one(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    attempt = buying.begun(link)
    with transaction():
        other = buy_links.make(link.opportunity, by=None)
    (payment,) = buying.pay(attempt)
    with transaction():
        decisions.accept(payment, by=cast.olive)
    assert (link.state, other.state.is_open) == (LinkState.PURCHASED, False)


def test_a_rule_that_stands_in_the_way_is_said_and_nothing_is_done(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    attempt = buying.begun(link)
    with transaction():
        link.opportunity.pipeline.archived_at = clock.now()
    (payment,) = buying.pay(attempt)
    with pytest.raises(RuleBroken, match="archived"), transaction():
        decisions.accept(payment, by=cast.ada)
    assert payment.awaits_decision
    assert db.session.scalar(select(Order.id)) is None


def test_money_for_a_deleted_deal_waits_until_it_is_restored(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    attempt = buying.begun(link)
    with transaction():
        opportunities.delete(link.opportunity, by=None)
    (payment,) = buying.pay(attempt)
    with pytest.raises(RuleBroken, match="restore it"), transaction():
        decisions.accept(payment, by=cast.ada)
    with transaction():
        opportunities.restore(link.opportunity, by=None)
    with transaction():
        decisions.accept(payment, by=cast.ada)
    assert link.opportunity.status is Status.WON


def test_what_was_given_back_cannot_be_accepted(cast: Cast) -> None:
    payment = late(cast)
    with transaction():
        refunds.ask(payment, payment.amount, by=cast.olive)
    with pytest.raises(RuleBroken, match="nothing to accept"), transaction():
        decisions.accept(payment, by=cast.olive)


def test_only_who_owns_the_deal_decides(cast: Cast) -> None:
    payment = late(cast)
    with pytest.raises(NotVisible), transaction():
        decisions.accept(payment, by=cast.stan)
    with transaction():
        owning.share(payment.opportunity, cast.tom, ShareLevel.WRITE, by=None)
    with pytest.raises(NotAllowed), transaction():
        decisions.accept(payment, by=cast.tom)
    assert payment.awaits_decision


def test_a_stranger_finds_no_payment(cast: Cast) -> None:
    payment = late(cast)
    assert decisions.of(payment.id, to=cast.olive) is payment
    with pytest.raises(NotVisible):
        decisions.of(payment.id, to=cast.stan)
