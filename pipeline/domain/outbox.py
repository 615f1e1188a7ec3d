"""Promises made with a change, in its transaction: kept later by the workers, or cancelled with the reason for them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update

from pipeline import clock
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.outbox import Lane, OutboxMessage, PromiseState

Argument = int | str | None
KEPT_FOR = timedelta(days=30)


def put(
    task: str,
    *,
    due_at: datetime | None = None,
    lane: Lane = Lane.INSIDE,
    key: str | None = None,
    about: Event | None = None,
    **arguments: Argument,
) -> OutboxMessage:
    """Promise that a task will be done, at once or at `due_at`. A `key` makes the promise unique."""
    present = clock.now()
    message = OutboxMessage(
        task=task,
        arguments=arguments,
        lane=lane,
        key=key,
        due_at=due_at or present,
        event_id=about.id if about else None,
        opportunity_id=about.opportunity_id if about else None,
        created_at=present,
    )
    db.session.add(message)
    return message


def cancel(message_id: int) -> bool:
    """Take back a promise that has not begun. Says whether it could still be taken back."""
    changed = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .where(OutboxMessage.state.in_((PromiseState.WAITING, PromiseState.HANDED)))
        .values(state=PromiseState.CANCELLED, finished_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return changed.scalar() is not None


def cancel_all(which: ColumnElement[bool]) -> bool:
    """Take back all of these that have not begun. Says whether there were any."""
    changed = db.session.execute(
        update(OutboxMessage)
        .where(which, OutboxMessage.state.in_((PromiseState.WAITING, PromiseState.HANDED)))
        .values(state=PromiseState.CANCELLED, finished_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return bool(changed.all())


def renew(message: OutboxMessage) -> None:
    """Try again at once, with all its tries before it. Refuses what is kept, cancelled or just being done."""
    db.session.refresh(message, with_for_update=True)
    if message.state is not PromiseState.WAITING and not message.state.needs_a_person:
        raise RuleBroken("It is done already or just being done; look again in a moment.")
    message.state = PromiseState.WAITING
    message.due_at = clock.now()
    message.attempts = message.losses = 0
    message.finished_at = None


def close(message: OutboxMessage) -> bool:
    """Let a promise rest that is not kept. Says whether it could still be left."""
    if cancel(message.id):
        return True
    db.session.refresh(message, with_for_update=True)
    if not message.state.needs_a_person:
        return False
    message.state = PromiseState.CANCELLED
    message.finished_at = clock.now()
    return True


def forget_the_kept() -> None:
    """Delete promises that were kept or cancelled over a month ago. What needs a person is never purged by itself."""
    db.session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.state.in_((PromiseState.DONE, PromiseState.CANCELLED)))
        .where(OutboxMessage.finished_at < clock.now() - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )
