"""Money that comes late, twice, or not as asked: never lost, never a win by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities
from pipeline.domain.buying_facts import OpportunityPurchased, PaymentReceived
from pipeline.domain.paying.words import MoneyState
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Status
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import AttemptState, Payment, PaymentFlag
from pipeline.transaction import transaction
from tests.support import buying
from tests.support.history import facts


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def purchases(link: BuyLink) -> int:
    return len(facts(link.opportunity, OpportunityPurchased))


def orders() -> int:
    return db.session.scalar(select(func.count(Order.id))) or 0


def expires(link: BuyLink) -> None:
    buy_links.expire(link)


def is_revoked(link: BuyLink) -> None:
    buy_links.revoke(link, by=None)


def is_lost(link: BuyLink) -> None:
    moves.set_status(link.opportunity, Status.LOST, by=None)


def is_laid_aside(link: BuyLink) -> None:
    moves.set_status(link.opportunity, Status.ABANDONED, by=None)


def is_deleted(link: BuyLink) -> None:
    opportunities.delete(link.opportunity, by=None)


def costs_something_else(link: BuyLink) -> None:
    line = db.session.scalars(
        select(OpportunityLine).where(OpportunityLine.opportunity_id == link.opportunity_id)
    ).one()
    line.price_override = 1
    buy_links.follow_lines(link.opportunity, by=None)


def is_archived(link: BuyLink) -> None:
    link.opportunity.pipeline.archived_at = clock.now()


MEANWHILE = [is_revoked, is_lost, is_laid_aside, is_deleted, costs_something_else, is_archived]


@pytest.mark.parametrize("it", MEANWHILE)
def test_money_for_what_is_over_is_late_and_wins_nothing(it: Callable[[BuyLink], None]) -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    with transaction():
        it(link)
    status, state = link.opportunity.status, link.state
    (payment,) = buying.pay(attempt)
    assert (payment.flag, payment.awaits_decision, attempt.state) == (PaymentFlag.LATE, True, AttemptState.PAID)
    assert payment.remark
    assert (link.opportunity.status, link.state, orders(), purchases(link)) == (status, state, 0, 0)
    (received,) = facts(link.opportunity, PaymentReceived)
    assert received.flag == "late"


def test_money_paid_after_the_links_expiry_is_late() -> None:
    link = buying.offer(days=1)
    attempt = buying.begun(link)
    with clock.frozen(link.expires_at):
        (payment,) = buying.pay(attempt)
        with transaction():
            buy_links.expire(link)
    assert (payment.flag, payment.remark) == (PaymentFlag.LATE, "the offer had expired")
    assert (link.state, link.opportunity.status) == (LinkState.EXPIRED, Status.OPEN)


def test_late_news_of_late_money_changes_nothing_more() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    session = buying.said(attempt, buying.money(ref="pay"))
    with transaction():
        is_lost(link)
    for _ in range(3):
        buying.fulfil(attempt, session)
    with transaction():
        moves.set_status(link.opportunity, Status.OPEN, by=None)
    buying.fulfil(attempt, session)
    assert [payment.flag for payment in attempt.payments] == [PaymentFlag.LATE]
    assert (purchases(link), len(facts(link.opportunity, PaymentReceived))) == (0, 1)


def test_two_tabs_that_pay_make_one_win_and_a_double() -> None:
    link = buying.offer()
    first = buying.begun(link)
    with clock.travelled(timedelta(hours=23, minutes=59, seconds=30)):
        second = buying.begun(link)
    assert first.id != second.id
    (won,) = buying.pay(first)
    (double,) = buying.pay(second)
    assert (won.flag, double.flag) == (PaymentFlag.NORMAL, PaymentFlag.DOUBLE)
    assert (orders(), purchases(link)) == (1, 1)
    order = db.session.get_one(Order, won.order_id)
    db.session.expire_all()
    assert double.order_id == order.id
    assert (order.state, order.balance) == (OrderState.OVERPAID, -buying.TOTAL)


def test_a_session_that_is_paid_twice_is_a_double() -> None:
    attempt = buying.begun(buying.offer())
    first, second = buying.pay(attempt, buying.money(), buying.money())
    assert (first.flag, second.flag) == (PaymentFlag.NORMAL, PaymentFlag.DOUBLE)


@pytest.mark.parametrize("amount", [buying.TOTAL - 1, buying.TOTAL + 1, 0])
def test_a_wrong_amount_wins_nothing(amount: int) -> None:
    link = buying.offer()
    (payment,) = buying.pay(buying.begun(link), buying.money(amount))
    assert (payment.flag, payment.amount) == (PaymentFlag.MISMATCH, amount)
    assert (link.state, orders(), purchases(link)) == (LinkState.ACTIVE, 0, 0)


def test_a_wrong_currency_wins_nothing() -> None:
    link = buying.offer()
    (payment,) = buying.pay(buying.begun(link), buying.money(currency="EUR"))
    assert (payment.flag, payment.currency) == (PaymentFlag.MISMATCH, "EUR")
    assert (link.state, orders()) == (LinkState.ACTIVE, 0)


def test_test_money_on_a_live_account_wins_nothing() -> None:
    link = buying.offer()
    attempt = buying.begun(link, buying.LiveTerms)
    (payment,) = buying.pay(attempt, is_test=True)
    assert (payment.flag, payment.remark) == (PaymentFlag.MISMATCH, "it is test money")
    assert orders() == 0


def test_money_of_a_session_that_names_something_else_wins_nothing() -> None:
    link = buying.offer()
    (payment,) = buying.pay(buying.begun(link), reference="somebody else's")
    assert payment.flag is PaymentFlag.MISMATCH
    assert orders() == 0


def test_a_payment_that_was_seen_in_another_session_is_not_taken_twice() -> None:
    one, other = buying.begun(buying.offer()), buying.begun(buying.offer())
    buying.pay(one, buying.money(ref="pay"))
    assert buying.pay(other, buying.money(ref="pay")) == []
    assert db.session.scalar(select(func.count(Payment.id))) == 1
    assert orders() == 1


def test_money_announced_before_the_deal_was_lost_is_late_when_it_comes() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    buying.pay(attempt, buying.money(ref="pay", state=MoneyState.PENDING))
    with transaction():
        is_lost(link)
    (payment,) = buying.pay(attempt, buying.money(ref="pay"))
    assert (payment.flag, link.opportunity.status) == (PaymentFlag.LATE, Status.LOST)
