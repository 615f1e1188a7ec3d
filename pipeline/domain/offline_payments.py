"""Money that came without a payment provider: written down by a user, and taken back when it was a mistake."""

from datetime import date, datetime, time
from enum import StrEnum
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from pipeline import clock
from pipeline.domain import access, events
from pipeline.domain.buying_facts import PaymentReceived, PaymentTakenBack
from pipeline.domain.holding import hold
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.order import Order
from pipeline.models.payment import Payment, PaymentFlag, PaymentState, Provider
from pipeline.models.user import User

EARLIEST = date(1970, 1, 1)
LONGEST_REMARK = 500
NOON = time(12)


class Method(StrEnum):
    """How it came."""

    TRANSFER = "transfer"
    CHEQUE = "cheque"
    CASH = "cash"
    CARD = "card"
    OTHER = "other"


def record(
    order: Order, amount: int, *, received_on: date, method: Method, remark: str = "", by: User | None
) -> Payment:
    """Write down that so much came for an order, in minor units of its currency: part of it, all, or more.

    Refuses nothing at all, a day to come, and whoever may not change the deal.
    """
    _hold(order)
    access.refuse_unless_editable(order.opportunity, by=by)
    if amount <= 0:
        raise RuleBroken("Say how much came.")
    if not EARLIEST <= received_on <= clock.today(by):
        raise RuleBroken("Money comes on a day that has been; choose today or an earlier day.")
    payment = Payment(
        opportunity_id=order.opportunity_id,
        order_id=order.id,
        link_id=order.link_id,
        provider=Provider.OFFLINE,
        payment_ref=f"offline-{token_urlsafe(12)}",
        state=PaymentState.SUCCEEDED,
        flag=PaymentFlag.NORMAL,
        amount=amount,
        currency=order.currency,
        method=method,
        remark=_short(remark),
        recorded_by_id=by.id if by else None,
        received_at=_moment(received_on, by),
        refunds=[],
    )
    order.payments.append(payment)
    db.session.flush()
    fact = PaymentReceived(payment.id, amount, order.currency, payment.provider, payment.flag)
    events.record(fact, about=order.opportunity, by=by)
    return payment


def take_back(payment: Payment, *, reason: str, by: User | None) -> None:
    """It did not come after all: a cheque that bounced, a slip of the pen. It counts no more, and stays in sight.

    Refuses what a provider reported, what was given back in part, and to do it without a reason.
    """
    hold(payment.opportunity)
    access.refuse_unless_editable(payment.opportunity, by=by)
    db.session.refresh(payment, with_for_update={"of": Payment})
    if payment.provider is not Provider.OFFLINE:
        raise RuleBroken("Only what a person wrote down can be taken back; give the money back instead.")
    if payment.state is not PaymentState.SUCCEEDED:
        raise RuleBroken("It was taken back already.")
    if payment.refunded:
        raise RuleBroken("Some of it was given back already, so it has come.")
    reason = _short(reason)
    if not reason:
        raise RuleBroken("Say why it is taken back.")
    payment.state = PaymentState.FAILED
    payment.remark = "\n".join(filter(None, (payment.remark, reason)))
    fact = PaymentTakenBack(payment.id, payment.amount, payment.currency, reason)
    events.record(fact, about=payment.opportunity, by=by)


def _hold(order: Order) -> None:
    hold(order.opportunity)
    db.session.refresh(order, with_for_update={"of": Order})
    db.session.expire(order, ["payments"])


def _moment(day: date, person: User | None) -> datetime:
    """Now, for today; else noon of that day where the person is."""
    if day == clock.today(person):
        return clock.now()
    return datetime.combine(day, NOON, ZoneInfo(person.time_zone if person else "UTC"))


def _short(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > LONGEST_REMARK:
        raise RuleBroken(f"Use at most {LONGEST_REMARK} letters.")
    return words
