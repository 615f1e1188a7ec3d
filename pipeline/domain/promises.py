"""A promise on its way: handed to a queue, begun, done, or at rest. Each step is a conditional UPDATE.

Whoever comes second (another relay, a job that was handed over twice, a worker thought dead) changes nothing. Leases
run in the machine's own time; due times and lateness in the application's.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, func, select, update

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.outbox import Lane, OutboxMessage, PromiseState

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (2, 20, 120, 900, 3600))
HANDED_FOR = timedelta(seconds=10)
BEGUN_FOR = timedelta(minutes=3)
MOST_LOSSES = 10
TOO_LATE = timedelta(hours=24)
OPEN = (PromiseState.WAITING, PromiseState.HANDED)
LONGEST_ERROR = 2000
_TAKE = (
    update(OutboxMessage)
    .where(OutboxMessage.id == bindparam("number"), OutboxMessage.state.in_(OPEN))
    .where(OutboxMessage.due_at <= bindparam("present"))
    .values(state=bindparam("becomes"), lease_until=bindparam("leased"), finished_at=bindparam("finished"))
    .returning(OutboxMessage)
    .execution_options(populate_existing=True, synchronize_session=False)
)


def due(lane: Lane, limit: int) -> Sequence[tuple[int, int]]:
    """Id and losses of what is due, the longest due first."""
    rows = db.session.execute(
        select(OutboxMessage.id, OutboxMessage.losses)
        .where(OutboxMessage.state == PromiseState.WAITING, OutboxMessage.lane == lane)
        .where(OutboxMessage.due_at <= clock.now())
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
    )
    return [(row.id, row.losses) for row in rows]


def open_among(ids: Sequence[int]) -> list[tuple[int, str]]:
    """Id and task of those that are still to be kept, in the order given."""
    rows = db.session.execute(
        select(OutboxMessage.id, OutboxMessage.task).where(OutboxMessage.id.in_(ids), OutboxMessage.state.in_(OPEN))
    )
    names = {row.id: row.task for row in rows}
    return [(id, names[id]) for id in ids if id in names]


def hand_over(ids: Sequence[int]) -> set[int]:
    """Take these for one queue, under a lease. Says which were still there to take."""
    taken = db.session.execute(
        _change(ids, PromiseState.WAITING)
        .values(state=PromiseState.HANDED, lease_until=clock.real() + HANDED_FOR)
        .returning(OutboxMessage.id)
    )
    return set(taken.scalars())


def take_back(ids: Sequence[int]) -> None:
    """The queue did not get them after all."""
    db.session.execute(_change(ids, PromiseState.HANDED).values(state=PromiseState.WAITING, lease_until=None))


def take_back_all() -> None:
    """The queue has forgotten everything."""
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == PromiseState.HANDED)
        .values(state=PromiseState.WAITING, lease_until=None)
    )


def anything_lost() -> bool:
    lost = select(OutboxMessage.id).where(_is_lost(PromiseState.HANDED) | _is_lost(PromiseState.BEGUN))
    return db.session.scalar(lost.limit(1)) is not None


def recover_handed() -> list[int]:
    """Let what a queue or worker lost wait again. What was lost ten times seems to kill workers: it is dead."""
    db.session.execute(
        update(OutboxMessage)
        .where(_is_lost(PromiseState.HANDED))
        .values(state=PromiseState.WAITING, lease_until=None, losses=OutboxMessage.losses + 1)
    )
    dead = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == PromiseState.WAITING, OutboxMessage.losses >= MOST_LOSSES)
        .values(state=PromiseState.DEAD, finished_at=clock.now(), last_error=f"{MOST_LOSSES} workers were lost over it")
        .returning(OutboxMessage.id)
    )
    return list(dead.scalars())


def recover_begun() -> list[int]:
    """What began outside and never came back is unknown: it may have happened, so it is not done again."""
    lost = db.session.execute(
        update(OutboxMessage)
        .where(_is_lost(PromiseState.BEGUN))
        .values(state=PromiseState.UNKNOWN, last_error="the worker was lost before it could say how it went")
        .returning(OutboxMessage.id)
    )
    return list(lost.scalars())


def keep(message_id: int) -> OutboxMessage | None:
    """Mark as done what the same transaction is about to do; nothing when it is done, cancelled or not due."""
    return _taken(message_id, state=PromiseState.DONE, lease_until=None, finished_at=clock.now())


def begin(message_id: int) -> OutboxMessage | None:
    """Take the lease under which work outside is done."""
    return _taken(message_id, state=PromiseState.BEGUN, lease_until=clock.real() + BEGUN_FOR, finished_at=None)


def is_too_late(message: OutboxMessage) -> bool:
    """Whether it lay so long (a restored backup, a long outage) that a person should look before it goes out."""
    return clock.now() - message.due_at > TOO_LATE


def settle(message_id: int, state: PromiseState, error: str | None = None) -> bool:
    """How work outside came out. Who did it knows better than who gave it up for lost."""
    known = db.session.execute(
        _change([message_id], PromiseState.BEGUN, PromiseState.UNKNOWN)
        .values(state=state, lease_until=None, last_error=error, finished_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return known.scalar() is not None


def refuse(message_id: int, sentence: str) -> bool:
    """A rule forbids it: noted, and not tried again."""
    refused = db.session.execute(
        _change([message_id], *OPEN, PromiseState.BEGUN)
        .values(state=PromiseState.REFUSED, lease_until=None, last_error=sentence, finished_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return refused.scalar() is not None


def put_off(message_id: int, error: str) -> OutboxMessage | None:
    """It failed: try again later, each time after a longer while; after the last time it is dead."""
    message = db.session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.state not in {*OPEN, PromiseState.BEGUN, PromiseState.UNKNOWN}:
        return None
    message.last_error = error[:LONGEST_ERROR]
    message.lease_until = None
    message.attempts += 1
    if message.attempts > len(BACK_OFF):
        message.state = PromiseState.DEAD
        message.finished_at = clock.now()
    else:
        message.state = PromiseState.WAITING
        message.due_at = clock.now() + BACK_OFF[message.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    return message


def again(message: OutboxMessage) -> str:
    return f"retry {message.attempts} of {len(BACK_OFF)}"


def oldest_due_for() -> timedelta:
    """How long the longest waiting of what is due has been waiting."""
    oldest = db.session.scalar(select(func.min(OutboxMessage.due_at)).where(OutboxMessage.state.in_(OPEN)))
    return max(clock.now() - oldest, timedelta()) if oldest else timedelta()


def _taken(
    message_id: int, *, state: PromiseState, lease_until: datetime | None, finished_at: datetime | None
) -> OutboxMessage | None:
    how = {"becomes": state, "leased": lease_until, "finished": finished_at}
    return db.session.scalar(_TAKE, {"number": message_id, "present": clock.now(), **how})


def _change(ids: Sequence[int], *states: PromiseState) -> Update:
    return update(OutboxMessage).where(OutboxMessage.id.in_(ids), OutboxMessage.state.in_(states))


def _is_lost(state: PromiseState) -> Any:
    return (OutboxMessage.state == state) & (OutboxMessage.lease_until < clock.real())
