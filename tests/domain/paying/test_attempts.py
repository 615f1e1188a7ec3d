"""Attempts to pay: one session a link as long as it is good, and none for what cannot be paid."""

from datetime import timedelta

import pytest
from flask import Flask

from pipeline import clock
from pipeline.domain import buy_links, moves, opportunities
from pipeline.domain.paying import attempts, baskets, refunds
from pipeline.domain.paying.attempts import NotForSale
from pipeline.domain.paying.words import MoneyState, RefundSeen, SessionStatus
from pipeline.extensions import db
from pipeline.models.opportunity import Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.payment import AttemptState, CheckoutAttempt
from pipeline.transaction import transaction
from tests.support import buying


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def begin(link, terms=buying.Terms) -> CheckoutAttempt:
    with transaction():
        return attempts.begin(link, terms())


def promised() -> list[str]:
    return [message.task for message in db.session.query(OutboxMessage) if message.task == attempts.END_SESSIONS]


def test_an_attempt_asks_for_what_the_link_says() -> None:
    link = buying.offer()
    attempt = begin(link)
    assert (attempt.amount, attempt.currency, attempt.state) == (buying.TOTAL, "USD", AttemptState.OPENING)
    basket = baskets.of(attempt)
    assert (basket.amount, basket.reference) == (buying.TOTAL, attempt.key)
    assert basket.success_url == f"{buy_links.address(link)}/return/{attempt.key}"


def test_a_second_press_goes_on_with_the_first_one() -> None:
    link = buying.offer()
    first = begin(link)
    assert begin(link).id == first.id
    with transaction():
        assert attempts.opened(first, buying.said(first, status=SessionStatus.OPEN))
    assert begin(link).id == first.id
    assert first.state is AttemptState.OPEN


def test_a_session_about_to_end_is_not_gone_on_with() -> None:
    link = buying.offer()
    first = buying.begun(link)
    with clock.travelled(timedelta(hours=24) - timedelta(seconds=30)):
        assert begin(link).id != first.id


def test_one_that_was_never_opened_is_left_after_a_while() -> None:
    link = buying.offer()
    first = begin(link)
    with clock.travelled(attempts.OPENING_FOR):
        assert begin(link).id != first.id


def test_a_session_of_another_provider_or_mode_is_not_gone_on_with() -> None:
    link = buying.offer()
    first = buying.begun(link)
    assert begin(link, buying.LiveTerms).id != first.id


def test_one_that_failed_is_followed_by_another() -> None:
    link = buying.offer()
    first = begin(link)
    with transaction():
        attempts.failed(first, "no such currency")
    assert (first.state, first.error) == (AttemptState.FAILED, "no such currency")
    assert begin(link).id != first.id


def test_a_session_lasts_as_long_as_the_link_within_what_the_provider_can() -> None:
    assert begin(long := buying.offer()).expires_at == clock.now() + timedelta(days=1) or long
    short = buying.offer(days=0.5)
    assert begin(short).expires_at == short.expires_at
    shortest = buying.offer(days=0.01)
    assert begin(shortest, buying.LiveTerms).expires_at > shortest.expires_at


def test_from_the_very_second_of_expiry_nothing_is_begun() -> None:
    link = buying.offer(days=1)
    with clock.frozen(link.expires_at - timedelta(microseconds=1)):
        begin(link)
    with clock.frozen(link.expires_at), pytest.raises(NotForSale):
        begin(link)


@pytest.mark.parametrize("status", [Status.LOST, Status.ABANDONED])
def test_a_deal_that_is_over_cannot_be_paid(status: Status) -> None:
    link = buying.offer()
    with transaction():
        moves.set_status(link.opportunity, status, by=None)
    with pytest.raises(NotForSale):
        begin(link)


def test_a_deleted_deal_cannot_be_paid() -> None:
    link = buying.offer()
    with transaction():
        opportunities.delete(link.opportunity, by=None)
    with pytest.raises(NotForSale):
        begin(link)


def test_nothing_is_begun_while_money_is_on_its_way() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    buying.pay(attempt, buying.money(state=MoneyState.PENDING))
    with pytest.raises(NotForSale, match="on its way"):
        begin(link)


def test_nothing_is_begun_while_somebody_looks_at_money_until_it_was_given_back() -> None:
    link = buying.offer()
    (payment,) = buying.pay(buying.begun(link), buying.money(1))
    with pytest.raises(NotForSale, match="somebody looks"):
        begin(link)
    with transaction():
        refund = refunds.ask(payment, 1, by=None)
    with transaction():
        refunds.settle(refund.id, RefundSeen("re_1", MoneyState.SUCCEEDED))
    assert begin(link).state is AttemptState.OPENING


def test_a_session_opened_when_the_offer_had_just_ended_sends_nobody_there_and_is_ended() -> None:
    link = buying.offer()
    attempt = begin(link)
    with transaction():
        buy_links.revoke(link, by=None)
    before = len(promised())
    with transaction():
        assert not attempts.opened(attempt, buying.said(attempt, status=SessionStatus.OPEN))
    assert attempt.state is AttemptState.EXPIRE_PENDING
    assert len(promised()) == before + 1


def test_only_sessions_of_an_offer_that_is_over_are_to_be_ended() -> None:
    link = buying.offer()
    attempt = buying.begun(link)
    with transaction():
        assert attempts.to_end(link) == []
        buy_links.revoke(link, by=None)
    with transaction():
        assert attempts.to_end(link) == [attempt]
    assert attempt.state is AttemptState.EXPIRE_PENDING
