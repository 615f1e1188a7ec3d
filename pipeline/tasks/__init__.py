"""Keeping promises: tasks by name, and `perform`, the one function that the queue knows.

A *task* works on our own rows: its promise is marked done and its changes are made in one transaction, so it happens
exactly once. An *errand* goes outside: it begins under a lease, is carried with no transaction open, then settled;
what began and was never settled is unknown, and is not done again by itself. An *inquiry* goes outside as well, but for
what may be asked for as often as one likes: one that was lost is made again.

All may be `told` when it does not simply get done: the state the promise came to, and why.
"""

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import structlog

from pipeline.domain import installation, promises
from pipeline.domain.outcome import Carried, Impossible, Later, Outcome, Uncertain
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.transaction import transaction

Told = Callable[..., None]
Do = Callable[..., None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Task:
    do: Do
    told: Told | None = None


@dataclass(frozen=True)
class Errand:
    """`prepare` re-checks and packs (None: nothing left to do), `carry` goes, `told` writes down how it went."""

    prepare: Callable[..., Any]
    carry: Callable[[Any], Outcome]
    told: Told


@dataclass(frozen=True)
class Inquiry:
    """`ask` goes outside, `heed` takes the answer in, in one transaction with the promise."""

    ask: Callable[..., Any]
    heed: Callable[..., None]
    told: Told | None = None


TASKS: dict[str, Task | Errand | Inquiry] = {}


def task(name: str, *, told: Told | None = None) -> Callable[[Do], Do]:
    """Register a function as the task of that name."""

    def register(do: Do) -> Do:
        TASKS[name] = Task(do, told)
        return do

    return register


def errand(name: str, *, prepare: Callable[..., Any], carry: Callable[[Any], Outcome], told: Told) -> None:
    """Register work in the world outside."""
    TASKS[name] = Errand(prepare, carry, told)


def inquiry(name: str, *, ask: Callable[..., Any], heed: Callable[..., None], told: Told | None = None) -> None:
    """Register a question to the world outside. `heed` is given the answer first, then the promise's arguments."""
    TASKS[name] = Inquiry(ask, heed, told)


def load() -> None:
    """Import every module of tasks, so that all names are known."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def perform(message_ids: Sequence[int]) -> None:
    """Keep these promises, each in a transaction of its own. Safe to be called twice, or at once, with the same."""
    try:
        installation.set_clock()
        for message_id, name in promises.open_among(message_ids):
            keep(message_id, name)
    finally:
        db.session.remove()


def keep(message_id: int, name: str) -> None:
    """Do a task, or go on an errand. A broken rule is noted on the promise; any other failure is tried again later."""
    parcel = None
    try:
        doer = TASKS[name]
        if isinstance(doer, Inquiry):
            inquire(doer, message_id)
            return
        with transaction():
            if isinstance(doer, Errand):
                parcel = begin(doer, message_id)
            elif message := promises.keep(message_id):
                doer.do(**message.arguments)
    except RuleBroken as broken:
        come_to_rest(message_id, broken.message)
    except Exception as error:
        log.exception("task failed", task=name, message=message_id)
        put_off(message_id, f"{type(error).__name__}: {error}")
    if parcel is not None and isinstance(doer, Errand):
        go(doer, message_id, parcel)


def inquire(inquiry: Inquiry, message_id: int) -> None:
    """Ask under a lease, with no transaction open. Whoever comes back after the lease ran out leaves it to the next."""
    with transaction():
        message = promises.begin(message_id)
        arguments = message.arguments if message else None
    if arguments is None:
        return
    answer = inquiry.ask(**arguments)
    with transaction():
        if promises.settle(message_id, PromiseState.DONE):
            inquiry.heed(answer, **arguments)


def begin(errand: Errand, message_id: int) -> Any:
    """Take the lease and pack. What is far too late is held for a person; in a demo, days pass in a minute."""
    message = promises.begin(message_id)
    if message is None:
        return None
    if promises.is_too_late(message) and not installation.current().is_demo:
        settle(errand, message, PromiseState.HELD, "it was due more than a day ago")
        return None
    parcel = errand.prepare(**message.arguments)
    if parcel is None:
        promises.settle(message_id, PromiseState.DONE)
    return parcel


def go(errand: Errand, message_id: int, parcel: Any) -> None:
    """Carry it with no transaction open, then write down how it went."""
    try:
        outcome = errand.carry(parcel)
    except Exception as error:
        log.exception("errand lost", message=message_id)
        outcome = Uncertain(f"{type(error).__name__}: {error}")
    if isinstance(outcome, Later):
        put_off(message_id, outcome.why)
        return
    with transaction():
        message = db.session.get_one(OutboxMessage, message_id)
        match outcome:
            case Carried(reply):
                settle(errand, message, PromiseState.DONE, reply)
            case Impossible(why):
                settle(errand, message, PromiseState.REFUSED, why)
            case Uncertain(why):
                settle(errand, message, PromiseState.UNKNOWN, why)


def settle(errand: Errand, message: OutboxMessage, state: PromiseState, remark: str) -> None:
    if promises.settle(message.id, state, None if state is PromiseState.DONE else remark):
        errand.told(state, remark, **message.arguments)


def put_off(message_id: int, error: str) -> None:
    with transaction():
        message = promises.put_off(message_id, error)
        if message is not None:
            tell(message, error if message.state is PromiseState.DEAD else f"{error}; {promises.again(message)}")


def come_to_rest(message_id: int, sentence: str) -> None:
    with transaction():
        if promises.refuse(message_id, sentence):
            tell(db.session.get_one(OutboxMessage, message_id, populate_existing=True), sentence)


def tell(message: OutboxMessage, remark: str) -> None:
    """Let the task know what became of its promise. A task of a newer version, unknown here, cannot be told."""
    doer = TASKS.get(message.task)
    if isinstance(doer, Inquiry) and message.state is PromiseState.UNKNOWN:
        promises.put_off(message.id, remark)
    if doer is not None and doer.told is not None:
        doer.told(message.state, remark, **message.arguments)
