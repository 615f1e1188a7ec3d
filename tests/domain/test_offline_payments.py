"""Money by cheque, transfer or cash: written down by who works the deal, in parts or too much, and taken back."""

from datetime import UTC, date, datetime

import pytest

from pipeline import clock
from pipeline.domain import offline_payments
from pipeline.domain.buying_facts import PaymentReceived, PaymentTakenBack
from pipeline.domain.offline_payments import Method
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.models.order import OrderState
from pipeline.models.payment import PaymentState, Provider
from pipeline.transaction import transaction
from tests import factories, selling
from tests.support.history import facts

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def time_stands_still():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def order(cast):
    return selling.order(factories.deal(factories.sales_pipeline(), owner=cast.olive))


def record(order, amount=10_000, *, by, received_on=TODAY, method=Method.TRANSFER, **known):
    with transaction():
        return offline_payments.record(order, amount, received_on=received_on, method=method, by=by, **known)


def take_back(payment, *, by, reason="It bounced"):
    with transaction():
        offline_payments.take_back(payment, reason=reason, by=by)


def test_a_transfer_pays_the_order(order, cast, afresh):
    payment = record(order, by=cast.olive, remark=" Invoice  7 ")
    afresh()
    assert (order.state, order.balance) == (OrderState.PAID, 0)
    assert (payment.provider, payment.method, payment.remark) == (Provider.OFFLINE, "transfer", "Invoice 7")
    assert (payment.recorded_by, payment.received_at) == (cast.olive, NOON)
    assert facts(order.opportunity, PaymentReceived) == [
        PaymentReceived(payment.id, 10_000, "USD", "offline", "normal")
    ]


def test_it_may_come_in_parts_and_be_too_much(order, cast):
    record(order, 4_000, by=cast.olive)
    assert (order.state, order.balance) == (OrderState.PARTLY_PAID, 6_000)
    record(order, 7_000, by=cast.olive)
    assert (order.state, order.balance) == (OrderState.OVERPAID, -1_000)


def test_an_earlier_day_is_where_the_person_is(order, cast):
    with transaction():
        cast.olive.time_zone = "Pacific/Auckland"
    payment = record(order, by=cast.olive, received_on=date(2026, 3, 2))
    assert payment.received_at.astimezone(UTC) == datetime(2026, 3, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 3, 11), date(1969, 12, 31)])
def test_no_money_comes_on_a_day_to_come(order, cast, day):
    with pytest.raises(RuleBroken, match="has been"):
        record(order, by=cast.olive, received_on=day)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_payment(order, cast, amount):
    with pytest.raises(RuleBroken, match="how much"):
        record(order, amount, by=cast.olive)


def test_a_remark_is_short(order, cast):
    with pytest.raises(RuleBroken, match="500 letters"):
        record(order, by=cast.olive, remark="x" * 501)


def test_strangers_and_readers_record_and_take_back_nothing(order, cast, afresh):
    payment = record(order, by=cast.olive)
    for refusal in (NotVisible, NotAllowed):
        with pytest.raises(refusal):
            record(order, by=cast.stan)
        with pytest.raises(refusal):
            take_back(payment, by=cast.stan)
        with transaction():
            cast.stan.may_view_all = True
    afresh()
    assert order.state is OrderState.PAID


def test_a_cheque_that_bounced_counts_no_more(order, cast, afresh):
    payment = record(order, by=cast.olive, method=Method.CHEQUE, remark="No. 12")
    take_back(payment, by=cast.olive)
    afresh()
    assert (payment.state, payment.remark) == (PaymentState.FAILED, "No. 12\nIt bounced")
    assert (order.state, order.balance) == (OrderState.UNPAID, 10_000)
    assert facts(order.opportunity, PaymentTakenBack) == [PaymentTakenBack(payment.id, 10_000, "USD", "It bounced")]


def test_it_is_taken_back_once_and_for_a_reason(order, cast):
    payment = record(order, by=cast.olive)
    with pytest.raises(RuleBroken, match="why"):
        take_back(payment, by=cast.olive, reason=" ")
    take_back(payment, by=cast.olive)
    with pytest.raises(RuleBroken, match="already"):
        take_back(payment, by=cast.olive)


def test_what_a_provider_reported_is_not_taken_back(order, cast):
    with pytest.raises(RuleBroken, match="give the money back"):
        take_back(selling.payment(order), by=cast.olive)


def test_what_was_given_back_has_come(order, cast):
    payment = record(order, by=cast.olive)
    selling.refund(payment, 100)
    with pytest.raises(RuleBroken, match="given back already"):
        take_back(payment, by=cast.olive)
