"""What a payer does at the sandbox's page, each choice a thing that happens at real providers."""

from datetime import datetime, timedelta
from enum import StrEnum

from pipeline import clock
from pipeline.domain.paying.words import MoneyState, SessionStatus
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.payment import SandboxSession

DELAY = timedelta(minutes=1)
LATE_BY = timedelta(minutes=1)
TOO_LITTLE = 100


class Choice(StrEnum):
    """How to pay. The value is what the button sends."""

    PAY = "pay"
    FAIL = "fail"
    DELAY = "delay"
    TWICE = "twice"
    LATE = "late"
    WRONG_AMOUNT = "wrong_amount"
    CANCEL = "cancel"


def choose(session: SandboxSession, choice: Choice) -> None:
    """Do what the payer chose. Refuses one whose session is over; only money that comes late can still come then."""
    db.session.flush()
    db.session.refresh(session, with_for_update=True)
    is_over = session.status != SessionStatus.OPEN or (session.expires_at and clock.now() >= session.expires_at)
    if is_over and not (choice is Choice.LATE and session.status != SessionStatus.COMPLETE):
        raise RuleBroken("This session is over; nothing can be paid in it any more.")
    match choice:
        case Choice.PAY:
            _pay(session)
        case Choice.FAIL:
            _pay(session, state=MoneyState.FAILED)
        case Choice.DELAY:
            _pay(session, state=MoneyState.PENDING)
        case Choice.TWICE:
            _pay(session)
            _pay(session)
        case Choice.LATE:
            _pay(session, at=max(clock.now(), session.expires_at or clock.now()) + LATE_BY)
        case Choice.WRONG_AMOUNT:
            _pay(session, amount=max(session.amount - TOO_LITTLE, 0) or session.amount + TOO_LITTLE)
        case Choice.CANCEL:
            session.status = SessionStatus.EXPIRED


def settles_at(session: SandboxSession) -> datetime | None:
    """When money that takes its time will have come."""
    dues = [datetime.fromisoformat(paid["due"]) for paid in session.payments if paid["state"] == MoneyState.PENDING]
    return max(dues, default=None)


def _pay(
    session: SandboxSession,
    *,
    amount: int | None = None,
    state: MoneyState = MoneyState.SUCCEEDED,
    at: datetime | None = None,
) -> None:
    at = at or clock.now()
    amount = session.amount if amount is None else amount
    if amount:
        paid = {
            "ref": f"{session.ref}-{len(session.payments) + 1}",
            "amount": amount,
            "currency": session.currency,
            "state": state,
            "at": at.isoformat(),
            "due": (at + DELAY).isoformat(),
        }
        session.payments = [*session.payments, paid]
    if state is not MoneyState.FAILED:
        session.status = SessionStatus.COMPLETE
        if session.subscription:
            session.subscription = session.subscription | {"began_at": at.isoformat()}
