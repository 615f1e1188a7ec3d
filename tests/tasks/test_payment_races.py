"""Everybody at once: provider's call, return page, reconciler, rep and clock. Each thing still happens once."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, moves
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import refunds
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.gateways import cashier, sandbox_calls, sandbox_till
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order
from pipeline.models.payment import CheckoutAttempt, Payment, PaymentFlag, ProviderEvent, SandboxSession
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.support.prospect import Prospect


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


def at_once(app: Flask, *acts: Callable[[], object]) -> None:
    """All of these at the same moment, each as a process of its own would."""
    start, failures = Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except BaseException as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.rollback()
    db.session.expire_all()


def count(model: type) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


def test_calls_looks_and_return_pages_at_the_same_moment_are_one_purchase(
    app: Flask, settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    back = prospect.choose(prospect.arrive(), Choice.PAY)
    (attempt,) = prospect.attempts()
    number, body = attempt.id, sandbox_calls.body_of("evt_1", attempt.session_ref or "")
    signed = {"Sandbox-Signature": SandboxGateway(settings).sign(body)}

    def call() -> None:
        assert app.test_client().post("/hooks/sandbox", data=body, headers=signed).status_code == 200

    def come_back() -> None:
        assert app.test_client().get(back).status_code == 303

    def look() -> None:
        cashier.look(number, settings)

    at_once(app, call, come_back, look, call, come_back, look, call, come_back)
    assert (count(Payment), count(Order), count(ProviderEvent)) == (1, 1, 1)
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1
    assert link.opportunity.status is Status.WON


def test_two_sessions_paid_at_the_same_moment_are_one_purchase_and_a_double(
    app: Flask, settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    pages = [prospect.arrive()]
    with transaction():
        prospect.attempts()[0].expires_at = clock.now()
    pages.append(prospect.arrive())
    for page in pages:
        prospect.choose(page, Choice.PAY)
    numbers = [attempt.id for attempt in prospect.attempts()]
    at_once(app, *(lambda number=number: cashier.look(number, settings) for number in numbers * 3))  # type: ignore[misc]
    assert sorted(db.session.scalars(select(Payment.flag))) == [PaymentFlag.DOUBLE, PaymentFlag.NORMAL]
    assert (count(Order), len(facts(link.opportunity, OpportunityPurchased))) == (1, 1)


def test_a_button_pressed_by_many_fingers_opens_one_session(app: Flask, prospect: Prospect, link: BuyLink) -> None:
    addresses = list[str]()

    def press() -> None:
        addresses.append(app.test_client().post(f"{prospect.path}/checkout").headers["Location"])

    at_once(app, *[press] * 6)
    assert len(set(addresses)) == 1
    assert (count(CheckoutAttempt), count(SandboxSession)) == (1, 1)


def test_paying_while_the_deal_is_lost_is_won_or_late_and_never_both(
    app: Flask, settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    prospect.choose(prospect.arrive(), Choice.PAY)
    (attempt,) = prospect.attempts()
    number, deal = attempt.id, link.opportunity_id

    def lose() -> None:
        with suppress(RuleBroken), transaction():
            moves.set_status(db.session.get_one(Opportunity, deal), Status.LOST, by=None)

    at_once(app, lose, lambda: cashier.look(number, settings))
    (payment,) = attempt.payments
    purchases = len(facts(link.opportunity, OpportunityPurchased))
    if payment.flag is PaymentFlag.NORMAL:
        assert (purchases, link.state) == (1, LinkState.PURCHASED)
    else:
        assert (payment.flag, purchases, link.opportunity.status) == (PaymentFlag.LATE, 0, Status.LOST)


def test_paying_while_the_link_is_revoked_or_expires_loses_nothing(
    app: Flask, settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    prospect.choose(prospect.arrive(), Choice.PAY)
    (attempt,) = prospect.attempts()
    number, link_id = attempt.id, link.id

    def revoke() -> None:
        with suppress(RuleBroken), transaction():
            buy_links.revoke(db.session.get_one(BuyLink, link_id), by=None)

    at_once(app, revoke, lambda: cashier.look(number, settings))
    (payment,) = attempt.payments
    assert (payment.flag, link.state) in {
        (PaymentFlag.NORMAL, LinkState.PURCHASED),
        (PaymentFlag.LATE, LinkState.REVOKED),
    }


def test_two_who_give_back_the_same_money_give_it_back_once(app: Flask, settings: Settings, prospect: Prospect) -> None:
    prospect.pay()
    payment_id = db.session.scalars(select(Payment.id)).one()
    refused = list[str]()

    def give_back() -> None:
        try:
            with transaction():
                refunds.ask(db.session.get_one(Payment, payment_id), buying.TOTAL - 1000, by=None)
        except RuleBroken as broken:
            refused.append(broken.message)

    at_once(app, *[give_back] * 4)
    payment = db.session.get_one(Payment, payment_id)
    assert (len(refused), payment.refunded, payment.refundable) == (3, buying.TOTAL - 1000, 1000)


def test_a_refund_carried_out_twice_at_once_is_one(app: Flask, settings: Settings, prospect: Prospect) -> None:
    prospect.pay()
    payment = db.session.scalars(select(Payment)).one()
    with transaction():
        number = refunds.ask(payment, 500, by=None).id
    at_once(app, *[lambda: cashier.refund(number, settings)] * 4)
    session = db.session.scalars(select(SandboxSession)).one()
    assert [each["amount"] for each in session.refunds.values()] == [500]


def test_a_session_that_is_paid_while_it_is_ended_is_taken_in(
    app: Flask, settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    prospect.arrive()
    (attempt,) = prospect.attempts()
    number, ref = attempt.id, attempt.session_ref
    with transaction():
        buy_links.revoke(link, by=None)

    def pay() -> None:
        with suppress(RuleBroken), transaction():
            session = db.session.scalars(select(SandboxSession).where(SandboxSession.ref == ref)).one()
            sandbox_till.choose(session, Choice.PAY)

    at_once(app, pay, lambda: cashier.look(number, settings))
    cashier.look(number, settings)
    cashier.look(number, settings)
    session = db.session.scalars(select(SandboxSession)).one()
    assert len(session.payments) == count(Payment)
    assert set(db.session.scalars(select(Payment.flag))) <= {PaymentFlag.LATE}
