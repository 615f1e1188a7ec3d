"""Attempts to pay: one session at a provider each, opened under a key that was committed before the provider heard it.

So a process may die at any line between the two: whoever comes next opens again with the same key, and gets the same
session.
"""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Protocol

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, outbox
from pipeline.domain.paying import baskets, coming
from pipeline.domain.paying.holding import hold_attempt, hold_link
from pipeline.domain.paying.words import Session
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.outbox import Lane
from pipeline.models.payment import AttemptState, CheckoutAttempt, Provider

END_SESSIONS = "payments.end_sessions"
LOOK = "payments.look"
KEY_LASTS = timedelta(hours=20)
OPENING_FOR = timedelta(minutes=2)
AT_LEAST = timedelta(minutes=1)
LONGEST_ERROR = 500


class NotForSale(RuleBroken):
    """The offer cannot be paid now; its page says why, and what one can do."""


class Terms(Protocol):
    """What has to be known of a provider before it is called."""

    @property
    def provider(self) -> Provider: ...
    @property
    def is_test(self) -> bool: ...
    @property
    def shortest(self) -> timedelta: ...
    @property
    def longest(self) -> timedelta: ...


def begin(link: BuyLink, terms: Terms) -> CheckoutAttempt:
    """The attempt in which this offer is paid: the one that is open already if it is still good, else a new one.

    Refuses from the very second of the link's expiry, when the deal was lost or deleted, and while money is on
    its way or looked at.
    """
    hold_link(link)
    present = clock.now()
    if not is_for_sale(link):
        raise NotForSale("This offer cannot be paid any more.")
    if money := coming.of(link):
        raise NotForSale(coming.WORDS[money])
    attempt = _under_way(link, terms)
    if attempt is None:
        ends_at = max(min(link.expires_at, present + terms.longest), present + terms.shortest)
        attempt = CheckoutAttempt(
            link=link,
            provider=terms.provider,
            is_test=terms.is_test,
            key=token_urlsafe(24),
            amount=baskets.due_now(link),
            currency=link.currency,
            expires_at=ends_at,
            opened_at=present,
            checked_at=present,
        )
        db.session.add(attempt)
        db.session.flush()
    return attempt


def opened(attempt: CheckoutAttempt, session: Session) -> bool:
    """The provider opened a session, or told again of the one it had opened. Says whether somebody may be sent there.

    If the offer has ended meanwhile, nobody may: the session is promised to be ended.
    """
    hold_attempt(attempt)
    attempt.checked_at, attempt.error = clock.now(), None
    attempt.session_ref, attempt.url = session.ref, session.url
    attempt.expires_at = session.expires_at or attempt.expires_at
    if attempt.state in {AttemptState.OPENING, AttemptState.FAILED}:
        attempt.state = AttemptState.OPEN
    if attempt.state is AttemptState.OPEN and not is_for_sale(attempt.link):
        attempt.state = AttemptState.EXPIRE_PENDING
        promise_to_end(attempt.link)
    return attempt.state is AttemptState.OPEN


def failed(attempt: CheckoutAttempt, error: str) -> None:
    """The provider will not open it: this attempt is over, another may be begun."""
    hold_attempt(attempt)
    attempt.error = error[:LONGEST_ERROR]
    if attempt.state is AttemptState.OPENING:
        attempt.state = AttemptState.FAILED
        attempt.ended_at = clock.now()


def unanswered(attempt: CheckoutAttempt, error: str) -> None:
    """The provider could not be asked. What it did, if anything, is found out by asking again."""
    attempt.error = error[:LONGEST_ERROR]
    attempt.checked_at = clock.now()


def to_end(link: BuyLink) -> list[CheckoutAttempt]:
    """Mark the sessions of a link that is over, in which somebody could still pay: each has to be ended."""
    hold_link(link)
    if is_for_sale(link):
        return []
    in_states = CheckoutAttempt.state.in_((AttemptState.OPEN, AttemptState.EXPIRE_PENDING))
    attempts = db.session.scalars(select(CheckoutAttempt).where(CheckoutAttempt.link_id == link.id, in_states)).all()
    for attempt in attempts:
        attempt.state = AttemptState.EXPIRE_PENDING
    return list(attempts)


def named(link: BuyLink, key: str) -> CheckoutAttempt | None:
    """The attempt to pay this link whose key this is."""
    return db.session.scalar(
        select(CheckoutAttempt).where(CheckoutAttempt.link_id == link.id, CheckoutAttempt.key == key)
    )


def is_under_way(link: BuyLink) -> bool:
    """Whether somebody may be about to pay it at a provider."""
    open_ = select(CheckoutAttempt.id).where(
        CheckoutAttempt.link_id == link.id, CheckoutAttempt.state.in_((AttemptState.OPENING, AttemptState.OPEN))
    )
    return db.session.scalar(open_.limit(1)) is not None


def promise_look(attempt: CheckoutAttempt) -> None:
    """Have a worker see how its session stands."""
    outbox.put(LOOK, lane=Lane.OUTSIDE, attempt_id=attempt.id)


def promise_to_end(link: BuyLink) -> None:
    """Have the link's open sessions ended by the workers."""
    outbox.put(END_SESSIONS, lane=Lane.OUTSIDE, link_id=link.id)


def is_for_sale(link: BuyLink) -> bool:
    """Whether it can be paid now: it is active, not over, and its deal not lost, laid aside or deleted."""
    return buy_links.why_not_good(link, clock.now()) is None


def _under_way(link: BuyLink, terms: Terms) -> CheckoutAttempt | None:
    """The last attempt, if a second press may go on with it."""
    attempt = db.session.scalars(
        select(CheckoutAttempt)
        .where(CheckoutAttempt.link_id == link.id, CheckoutAttempt.provider == terms.provider)
        .order_by(CheckoutAttempt.id.desc())
        .limit(1)
    ).first()
    if attempt is None or (attempt.amount, attempt.currency) != (baskets.due_now(link), link.currency):
        return None
    present = clock.now()
    match attempt.state:
        case AttemptState.OPENING:
            is_good = present - attempt.opened_at < OPENING_FOR
        case AttemptState.OPEN:
            is_good = attempt.expires_at is not None and attempt.expires_at - present > AT_LEAST
        case _:
            is_good = False
    return attempt if is_good and attempt.is_test is terms.is_test else None
