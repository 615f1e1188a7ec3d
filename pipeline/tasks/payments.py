"""Money, as the workers look after it: asking providers, ending sessions, giving back, and looking again."""

from flask import current_app
from sqlalchemy import select

from pipeline.domain.paying import attempts, notices, reconciling, refunds, renewals
from pipeline.domain.paying.words import ProviderError
from pipeline.extensions import db
from pipeline.gateways import cashier
from pipeline.models.buy_link import BuyLink
from pipeline.models.event import Event
from pipeline.models.order import Order
from pipeline.models.outbox import PromiseState
from pipeline.tasks import inquiry, task
from pipeline.transaction import transaction


def look(attempt_id: int) -> str:
    """What could not be asked is noted beside the attempt, and asked again by the reconciler."""
    try:
        cashier.look(attempt_id, current_app.config["SETTINGS"])
    except ProviderError as error:
        return str(error)
    return ""


def end_sessions(link_id: int) -> None:
    with transaction():
        link = db.session.get_one(BuyLink, link_id)
        ids = [attempt.id for attempt in attempts.to_end(link)]
    for attempt_id in ids:
        look(attempt_id)


def refund(refund_id: int) -> None:
    cashier.refund(refund_id, current_app.config["SETTINGS"])


def refund_told(state: PromiseState, remark: str, refund_id: int) -> None:
    if state is PromiseState.WAITING:
        refunds.note(refund_id, remark)
    else:
        refunds.settle(refund_id, None, error=remark)


def look_at_refund(refund_id: int) -> None:
    cashier.look_at_refund(refund_id, current_app.config["SETTINGS"])


def renew(order_id: int) -> None:
    try:
        cashier.renew(order_id, current_app.config["SETTINGS"])
    except ProviderError:
        """It is asked again tomorrow."""


def watch_on(answer: None, order_id: int) -> None:
    renewals.watch(db.session.get_one(Order, order_id))


def asked(answer: object, **arguments: int) -> None:
    """The answer was taken in where it was given."""


inquiry(attempts.LOOK, ask=look, heed=asked)
inquiry(attempts.END_SESSIONS, ask=end_sessions, heed=asked)
inquiry(refunds.LOOK, ask=look_at_refund, heed=asked)
inquiry(refunds.TASK, ask=refund, heed=asked, told=refund_told)
inquiry(renewals.TASK, ask=renew, heed=watch_on)


@task(reconciling.TASK)
def reconcile() -> None:
    reconciling.promise_looks()


@task("payments.end_with_deal")
def end_with_deal(event_id: int) -> None:
    """Nobody is to pay for a deal that was lost, laid aside or deleted."""
    opportunity_id = db.session.get_one(Event, event_id).opportunity_id
    for link in db.session.scalars(select(BuyLink).where(BuyLink.opportunity_id == opportunity_id)):
        if attempts.is_under_way(link) and not attempts.is_for_sale(link):
            attempts.promise_to_end(link)


@task("payments.tell_received")
def tell_received(event_id: int) -> None:
    notices.tell_received(db.session.get_one(Event, event_id))


@task("payments.tell_purchased")
def tell_purchased(event_id: int) -> None:
    notices.tell_purchased(db.session.get_one(Event, event_id))


@task("payments.tell_refund")
def tell_refund(event_id: int) -> None:
    notices.tell_refund(db.session.get_one(Event, event_id))
