"""What has to be looked at again although nobody called: a lost call, a crash between two lines, a provider that slept.

Sessions are looked at often while they are young, and once more an hour after they are over.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from pipeline import clock
from pipeline.domain import outbox
from pipeline.domain.paying.attempts import promise_look
from pipeline.extensions import db
from pipeline.models.payment import AttemptState, CheckoutAttempt

TASK = "payments.reconcile"
AT_ONCE = 200
SOON = timedelta(minutes=2)
YOUNG = timedelta(hours=1)
LATER = timedelta(minutes=30)
GIVEN_UP = timedelta(days=45)
ONCE_MORE = timedelta(hours=1)
UNDER_WAY = tuple(state for state in AttemptState if not state.is_over)


def promise_looks() -> int:
    """Promise a look at each attempt that is due for one; says at how many. Each is due again after a while only."""
    present = clock.now()
    due = db.session.scalars(
        select(CheckoutAttempt)
        .where(or_(_is_due(present), _is_due_once_more(present)))
        .order_by(CheckoutAttempt.checked_at)
        .limit(AT_ONCE)
    ).all()
    for attempt in due:
        attempt.checked_at = present
        promise_look(attempt)
    if len(due) == AT_ONCE:
        outbox.put(TASK)
    return len(due)


def unanswered() -> list[CheckoutAttempt]:
    """Attempts that were not to be settled: whose provider answers with errors, or never did for days."""
    present = clock.now()
    return list(
        db.session.scalars(
            select(CheckoutAttempt)
            .where(CheckoutAttempt.state.in_(UNDER_WAY), CheckoutAttempt.error.is_not(None))
            .where(CheckoutAttempt.opened_at < present - LATER)
            .order_by(CheckoutAttempt.id.desc())
            .limit(AT_ONCE)
        )
    )


def _is_due(present: datetime) -> ColumnElement[bool]:
    is_young = CheckoutAttempt.opened_at > present - YOUNG
    is_ending = CheckoutAttempt.state.in_((AttemptState.OPENING, AttemptState.EXPIRE_PENDING))
    has_ended = and_(CheckoutAttempt.expires_at < present, CheckoutAttempt.checked_at < CheckoutAttempt.expires_at)
    return and_(
        CheckoutAttempt.state.in_(UNDER_WAY),
        CheckoutAttempt.opened_at > present - GIVEN_UP,
        CheckoutAttempt.checked_at < present - SOON,
        or_(is_young, is_ending, has_ended, CheckoutAttempt.checked_at < present - LATER),
    )


def _is_due_once_more(present: datetime) -> ColumnElement[bool]:
    """Money may still have come into a session that was over: a second payment, or one that crossed its end."""
    return and_(
        CheckoutAttempt.state.in_((AttemptState.PAID, AttemptState.EXPIRED)),
        CheckoutAttempt.session_ref.is_not(None),
        CheckoutAttempt.ended_at.between(present - ONCE_MORE * 3, present - ONCE_MORE),
        CheckoutAttempt.checked_at < present - ONCE_MORE,
    )
