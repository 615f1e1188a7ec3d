"""Killed with -9 between what a provider did and what we wrote down: the next one who looks finds it, once."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock, create_app
from pipeline.domain import promises
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import attempts, fulfilment, reconciling, refunds
from pipeline.extensions import db
from pipeline.gateways import cashier
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from pipeline.models.outbox import OutboxMessage
from pipeline.models.payment import AttemptState, CheckoutAttempt, Payment, RefundState, SandboxSession
from pipeline.settings import Settings
from pipeline.tasks import load, perform
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.support.house import House
from tests.support.prospect import Prospect
from tests.tasks.conftest import Engine


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


def die(*arguments: object, **options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def open_and_die(settings: Settings, attempt_id: int) -> None:
    """Killed when the provider has opened the session, before that is written down."""
    attempts.opened = die
    with create_app(settings).app_context():
        cashier.open_session(attempt_id, settings)


def take_in_and_die(settings: Settings, attempt_id: int) -> None:
    """Killed when everything is done, before it is committed."""
    fulfil = fulfilment.fulfil

    def fulfil_and_die(*arguments: object) -> None:
        fulfil(*arguments)  # type: ignore[arg-type]
        db.session.flush()
        die()

    fulfilment.fulfil = fulfil_and_die  # type: ignore[assignment]
    with create_app(settings).app_context():
        cashier.look(attempt_id, settings)


def give_back_and_die(settings: Settings, message_id: int) -> None:
    """Killed when the provider has given the money back, before that is written down."""
    refunds.settle = die
    load()
    with create_app(settings).app_context():
        perform([message_id])


def killed(settings: Settings, run: Callable[..., None], number: int) -> None:
    db.session.rollback()
    process = House(settings).start("doomed", run, settings, number)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    db.session.rollback()
    db.session.expire_all()


def reconcile(engine: Engine) -> None:
    with clock.travelled(timedelta(minutes=3)):
        with transaction():
            reconciling.promise_looks()
        engine.run()


def sessions() -> int:
    return db.session.scalar(select(func.count(SandboxSession.id))) or 0


def test_killed_while_opening_and_the_next_press_gets_the_same_session(
    settings: Settings, prospect: Prospect, link: BuyLink
) -> None:
    with transaction():
        attempt = attempts.begin(link, SandboxGateway(settings))
    killed(settings, open_and_die, attempt.id)
    assert (attempt.state, attempt.session_ref, sessions()) == (AttemptState.OPENING, None, 1)
    assert prospect.get(prospect.arrive()).status_code == 200
    assert (len(prospect.attempts()), sessions()) == (1, 1)


def test_killed_while_opening_and_the_reconciler_finds_the_session(
    settings: Settings, engine: Engine, link: BuyLink
) -> None:
    with transaction():
        attempt = attempts.begin(link, SandboxGateway(settings))
    killed(settings, open_and_die, attempt.id)
    reconcile(engine)
    session = db.session.scalars(select(SandboxSession)).one()
    assert (attempt.state, attempt.session_ref) == (AttemptState.OPEN, session.ref)


def test_killed_while_taking_in_and_the_next_one_takes_it_in_once(
    settings: Settings, engine: Engine, prospect: Prospect, link: BuyLink
) -> None:
    prospect.choose(prospect.arrive(), Choice.PAY)
    (attempt,) = prospect.attempts()
    killed(settings, take_in_and_die, attempt.id)
    assert db.session.scalar(select(func.count(Payment.id))) == 0
    assert db.session.scalar(select(func.count(Order.id))) == 0
    assert link.opportunity.status is Status.OPEN
    reconcile(engine)
    assert (attempt.state, link.opportunity.status) == (AttemptState.PAID, Status.WON)
    assert len(facts(link.opportunity, OpportunityPurchased)) == 1
    assert [order.number for order in db.session.scalars(select(Order))] == [1001]


def test_killed_while_giving_back_and_it_is_given_back_once(
    settings: Settings, engine: Engine, prospect: Prospect
) -> None:
    prospect.pay()
    payment = db.session.scalars(select(Payment)).one()
    with transaction():
        refund = refunds.ask(payment, payment.amount, by=None)
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.task == refunds.TASK)).one()
    killed(settings, give_back_and_die, message.id)
    assert (refund.state, len(db.session.scalars(select(SandboxSession)).one().refunds)) == (RefundState.WAITING, 1)
    with clock.travelled(promises.BEGUN_FOR + timedelta(seconds=30)):
        engine.run()
        with clock.travelled(timedelta(minutes=1)):
            engine.run()
    assert refund.state is RefundState.DONE
    db.session.expire_all()
    assert len(db.session.scalars(select(SandboxSession)).one().refunds) == 1


def test_an_attempt_that_was_committed_and_never_reached_the_provider_is_opened(
    settings: Settings, engine: Engine, link: BuyLink
) -> None:
    with transaction():
        attempts.begin(link, SandboxGateway(settings))
    assert sessions() == 0
    reconcile(engine)
    assert db.session.scalars(select(CheckoutAttempt.state)).one() is AttemptState.OPEN
