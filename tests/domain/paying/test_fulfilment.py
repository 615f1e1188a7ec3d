"""What a provider says becomes one payment, one order, one win and one receipt, however often it is said."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, moves
from pipeline.domain.buying_facts import OpportunityPurchased, PaymentAnnounced, PaymentFailed, PaymentReceived
from pipeline.domain.facts import StatusChanged
from pipeline.domain.paying.words import MoneyState, SessionStatus
from pipeline.extensions import db
from pipeline.models.buy_link import LinkState
from pipeline.models.opportunity import Status
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import OutboxMessage
from pipeline.models.payment import AttemptState, PaymentFlag, PaymentState
from pipeline.transaction import transaction
from tests import factories
from tests.support import buying
from tests.support.history import facts


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def order_of(link) -> Order:
    return db.session.scalars(select(Order).where(Order.link_id == link.id)).one()


def promises(task: str) -> int:
    return db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.task == task)) or 0


def test_paying_places_the_order_wins_the_deal_and_says_so() -> None:
    link = buying.offer()
    deal = link.opportunity
    attempt = buying.begun(link)
    (payment,) = buying.pay(attempt)
    order = order_of(link)
    assert (payment.flag, payment.state, payment.order_id) == (PaymentFlag.NORMAL, PaymentState.SUCCEEDED, order.id)
    assert (order.state, order.balance, order.total) == (OrderState.PAID, 0, buying.TOTAL)
    assert (deal.status, deal.stage.name) == (Status.WON, "Won")
    assert (link.state, attempt.state) == (LinkState.PURCHASED, AttemptState.PAID)
    (purchased,) = facts(deal, OpportunityPurchased)
    assert (purchased.order_id, purchased.payment_id, purchased.link_id) == (order.id, payment.id, link.id)


def test_the_same_news_changes_nothing_however_often_it_comes() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    session = buying.said(attempt, buying.money(ref="pay"))
    for _ in range(5):
        buying.fulfil(attempt, session)
    assert len(attempt.payments) == 1
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1
    assert len(facts(link.opportunity, StatusChanged)) == 1
    assert promises("automation.run_triggers") == len(
        [fact for fact in facts(link.opportunity) if type(fact) is OpportunityPurchased]
    ) + sum(fact.kind() == "opportunity_moved" for fact in facts(link.opportunity))


def test_news_in_the_wrong_order_comes_to_the_same() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    done = buying.money(ref="pay")
    buying.fulfil(attempt, buying.said(attempt, done))
    buying.fulfil(attempt, buying.said(attempt, buying.money(ref="pay", state=MoneyState.PENDING)))
    buying.fulfil(attempt, buying.said(attempt, status=SessionStatus.OPEN))
    (payment,) = attempt.payments
    assert (payment.state, attempt.state) == (PaymentState.SUCCEEDED, AttemptState.PAID)


def test_the_pipelines_reason_for_purchases_is_the_win_reason() -> None:
    link = buying.offer()
    pipeline = link.opportunity.pipeline
    bought, other = factories.win_reasons(pipeline, "Bought online", "Referral")
    with transaction():
        pipeline.buy_reason = bought
    buying.pay(buying.begun(link))
    assert link.opportunity.reason is bought
    assert other is not bought


def test_an_archived_reason_does_not_stand_in_the_way() -> None:
    link = buying.offer()
    pipeline = link.opportunity.pipeline
    (bought,) = factories.win_reasons(pipeline, "Bought online")
    with transaction():
        pipeline.buy_reason = bought
        bought.archived_at = clock.now()
    buying.pay(buying.begun(link))
    assert (link.opportunity.status, link.opportunity.reason) == (Status.WON, None)


def test_an_open_checklist_does_not_stand_in_the_way() -> None:
    link = buying.offer()
    factories.required_item(link.opportunity.stage)
    buying.pay(buying.begun(link))
    assert link.opportunity.status is Status.WON


def test_a_deal_won_by_hand_before_still_gets_its_order_and_receipt() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    with transaction():
        moves.set_status(link.opportunity, Status.WON, by=None)
    (payment,) = buying.pay(attempt)
    assert payment.flag is PaymentFlag.NORMAL
    assert order_of(link).state is OrderState.PAID
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1
    assert len(facts(link.opportunity, StatusChanged)) == 1


def test_money_that_takes_days_is_announced_and_wins_when_it_comes() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    (payment,) = buying.pay(attempt, buying.money(ref="pay", state=MoneyState.PENDING))
    assert (payment.state, attempt.state) == (PaymentState.PENDING, AttemptState.PENDING)
    assert (link.state, link.opportunity.status) == (LinkState.ACTIVE, Status.OPEN)
    assert len(facts(link.opportunity, PaymentAnnounced)) == 1
    buying.pay(attempt, buying.money(ref="pay"))
    assert (payment.state, payment.flag, attempt.state) == (
        PaymentState.SUCCEEDED,
        PaymentFlag.NORMAL,
        AttemptState.PAID,
    )
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1


def test_money_announced_in_time_is_in_time_when_it_comes_after_expiry() -> None:
    link = buying.offer(days=1)
    attempt = buying.begun(link)
    buying.pay(attempt, buying.money(ref="pay", state=MoneyState.PENDING))
    with clock.travelled(timedelta(days=3)):
        with transaction():
            buy_links.expire(link)
        (payment,) = buying.pay(attempt, buying.money(ref="pay"))
    assert (payment.flag, link.state, link.opportunity.status) == (PaymentFlag.NORMAL, LinkState.PURCHASED, Status.WON)


def test_announced_money_that_does_not_come_leaves_the_offer_open() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    buying.pay(attempt, buying.money(ref="pay", state=MoneyState.PENDING))
    (payment,) = buying.pay(attempt, buying.money(ref="pay", state=MoneyState.FAILED))
    assert (payment.state, attempt.state, link.state) == (PaymentState.FAILED, AttemptState.FAILED, LinkState.ACTIVE)
    assert len(facts(link.opportunity, PaymentFailed)) == 1
    buying.pay(buying.begun(link))
    assert link.state is LinkState.PURCHASED


def test_a_card_that_was_refused_may_be_followed_by_one_that_is_not() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    failed = buying.money(ref="pay", state=MoneyState.FAILED)
    buying.fulfil(attempt, buying.said(attempt, failed, status=SessionStatus.OPEN))
    buying.fulfil(attempt, buying.said(attempt, failed, status=SessionStatus.OPEN))
    assert attempt.state is AttemptState.OPEN
    (payment,) = buying.pay(attempt, buying.money(ref="pay"))
    assert (payment.flag, link.opportunity.status) == (PaymentFlag.NORMAL, Status.WON)
    assert len(facts(link.opportunity, PaymentFailed)) == 1


def test_a_trial_is_bought_although_nothing_is_due_yet() -> None:
    link = buying.offer(buying.subscription(trial_days=14))
    attempt = buying.begun(link)
    assert attempt.amount == 0
    session = buying.said(attempt, is_free=True, subscription_ref="sub_1")
    for _ in range(2):
        buying.fulfil(attempt, session)
    (payment,) = attempt.payments
    assert (payment.amount, payment.flag) == (0, PaymentFlag.NORMAL)
    order = order_of(link)
    assert (order.subscription_ref, link.opportunity.status) == ("sub_1", Status.WON)
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1


def test_a_session_that_was_closed_unpaid_is_over() -> None:
    attempt = buying.begun(buying.offer())
    buying.fulfil(attempt, buying.said(attempt, status=SessionStatus.EXPIRED))
    assert (attempt.state, attempt.payments) == (AttemptState.EXPIRED, [])
    assert attempt.ended_at is not None


def test_money_heard_of_late_but_paid_in_time_is_in_time() -> None:
    link = buying.offer(days=1)
    attempt = buying.begun(link)
    with clock.travelled(timedelta(days=2)):
        with transaction():
            buy_links.expire(link)
        (payment,) = buying.pay(attempt, buying.money(at=link.expires_at - timedelta(seconds=1)))
    assert (payment.flag, link.opportunity.status) == (PaymentFlag.NORMAL, Status.WON)
    (received,) = facts(link.opportunity, PaymentReceived)
    assert received.flag == "normal"
