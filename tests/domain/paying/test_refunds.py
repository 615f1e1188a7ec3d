"""Giving money back: promised once, done under a key, never more than came, and nothing else is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import owning
from pipeline.domain.buying_facts import RefundAsked, RefundSettled
from pipeline.domain.paying import refunds
from pipeline.domain.paying.words import MoneyState, RefundSeen
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.models.order import Order, OrderState
from pipeline.models.outbox import Lane, OutboxMessage
from pipeline.models.payment import Payment, Provider, Refund, RefundState
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts

GIVEN = RefundSeen("re_1", MoneyState.SUCCEEDED)


def paid(cast: Cast) -> Payment:
    (payment,) = buying.pay(buying.begun(buying.offer(owner=cast.olive)))
    return payment


def ask(payment: Payment, amount: int, cast: Cast) -> Refund:
    with transaction():
        return refunds.ask(payment, amount, reason="changed  their mind", by=cast.olive)


def settle(refund: Refund, seen: RefundSeen | None, error: str = "") -> None:
    with transaction():
        refunds.settle(refund.id, seen, error=error)


def order_of(payment: Payment) -> Order:
    db.session.expire_all()
    return db.session.get_one(Order, payment.order_id)


def promised() -> list[OutboxMessage]:
    of_refunds = select(OutboxMessage).where(OutboxMessage.task == refunds.TASK).order_by(OutboxMessage.id)
    return list(db.session.scalars(of_refunds))


def test_a_refund_is_promised_with_a_key(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, 500, cast)
    (message,) = promised()
    assert (message.lane, message.arguments) == (Lane.OUTSIDE, {"refund_id": refund.id})
    errand = refunds.errand(refund.id)
    assert errand is not None
    assert (errand.payment_ref, errand.amount, errand.key) == (payment.payment_ref, 500, refund.key)
    (asked,) = facts(payment.opportunity, RefundAsked)
    assert (asked.amount, asked.reason) == (500, "changed their mind")


def test_what_was_given_back_is_off_the_order(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, 500, cast)
    for _ in range(2):
        settle(refund, GIVEN)
    assert (refund.state, refund.refund_ref, refunds.errand(refund.id)) == (RefundState.DONE, "re_1", None)
    assert (order_of(payment).refunded, order_of(payment).state) == (500, OrderState.PARTLY_REFUNDED)
    assert len(facts(payment.opportunity, RefundSettled)) == 1


def test_refunding_the_double_does_not_undo_the_win(cast: Cast) -> None:
    link = buying.offer(owner=cast.olive)
    _, double = buying.pay(buying.begun(link), buying.money(), buying.money())
    refund = ask(double, double.amount, cast)
    settle(refund, GIVEN)
    assert (link.opportunity.status, order_of(double).state) == (Status.WON, OrderState.PAID)
    assert (double.awaits_decision, double.decided_by_id) == (False, cast.olive.id)


def test_refunding_all_of_it_leaves_the_deal_won(cast: Cast) -> None:
    payment = paid(cast)
    settle(ask(payment, payment.amount, cast), GIVEN)
    assert (payment.opportunity.status, order_of(payment).state) == (Status.WON, OrderState.REFUNDED)


@pytest.mark.parametrize("amount", [0, -1, buying.TOTAL + 1])
def test_never_more_than_came_and_never_nothing(cast: Cast, amount: int) -> None:
    payment = paid(cast)
    with pytest.raises(RuleBroken), transaction():
        refunds.ask(payment, amount, by=cast.olive)
    assert promised() == []


def test_parts_come_to_no_more_than_the_whole(cast: Cast) -> None:
    payment = paid(cast)
    ask(payment, buying.TOTAL - 100, cast)
    with pytest.raises(RuleBroken, match="left of this payment"), transaction():
        refunds.ask(payment, 101, by=cast.olive)
    ask(payment, 100, cast)
    assert payment.refundable == 0


def test_what_the_provider_refused_can_be_asked_again_as_something_new(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, payment.amount, cast)
    key = refund.key
    with transaction():
        refunds.refuse(refund.id, "the account is empty")
    assert (refund.state, refund.error, payment.refundable) == (
        RefundState.FAILED,
        "the account is empty",
        payment.amount,
    )
    with transaction():
        refunds.retry(refund, by=cast.olive)
    assert (refund.state, refund.key != key, len(promised())) == (RefundState.WAITING, True, 2)


def test_a_refund_given_elsewhere_meanwhile_is_not_tried_again(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, payment.amount, cast)
    with transaction():
        refunds.refuse(refund.id, "no")
    ask(payment, 1, cast)
    with pytest.raises(RuleBroken), transaction():
        refunds.retry(refund, by=cast.olive)


def test_one_of_which_nobody_knows_keeps_its_key_and_its_money(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, payment.amount, cast)
    key = refund.key
    settle(refund, None, "time-out")
    assert (refund.state, refund.error, payment.refundable) == (RefundState.UNKNOWN, "time-out", 0)
    with transaction():
        refunds.retry(refund, by=cast.olive)
    assert (refund.state, refund.key) == (RefundState.WAITING, key)
    settle(refund, GIVEN)
    assert refund.state is RefundState.DONE


def test_after_a_day_a_person_says_what_the_provider_shows(cast: Cast) -> None:
    payment = paid(cast)
    refund = ask(payment, payment.amount, cast)
    settle(refund, None, "time-out")
    with clock.travelled(timedelta(days=1)):
        with pytest.raises(RuleBroken, match="too long ago"), transaction():
            refunds.retry(refund, by=cast.olive)
        with transaction():
            refunds.declare(refund, done=False, by=cast.olive)
    assert (refund.state, payment.refundable) == (RefundState.FAILED, payment.amount)


def test_money_recorded_by_hand_is_given_back_by_hand(cast: Cast) -> None:
    payment = paid(cast)
    with transaction():
        by_hand = Payment(
            opportunity=payment.opportunity,
            order_id=payment.order_id,
            provider=Provider.OFFLINE,
            payment_ref="cheque 7",
            state=payment.state,
            amount=100,
            currency="USD",
            received_at=clock.now(),
        )
        db.session.add(by_hand)
    assert ask(by_hand, 100, cast).state is RefundState.DONE
    assert promised() == []


def test_only_who_owns_the_deal_gives_money_back(cast: Cast) -> None:
    payment = paid(cast)
    with pytest.raises(NotVisible), transaction():
        refunds.ask(payment, 1, by=cast.stan)
    with transaction():
        owning.share(payment.opportunity, cast.tom, ShareLevel.WRITE, by=None)
    with pytest.raises(NotAllowed), transaction():
        refunds.ask(payment, 1, by=cast.tom)
