"""Promises: what follows from a change, written with it. The outbox is the queue; RQ is the engine that empties it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Base, Instant, Numbered, choice


class Lane(StrEnum):
    """Which queue carries it: quick work on our own rows, or slow work with the world outside."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class PromiseState(StrEnum):
    """waiting → handed (to RQ) → [begun, for outside work] → done; or at rest otherwise.

    `refused`: a rule forbids it. `dead`: tried in vain too often. `unknown`: begun outside, and nobody can say whether
    it happened. `held`: far too late to go out without a person's word. None of these goes on by itself.
    """

    WAITING = "waiting"
    HANDED = "handed"
    BEGUN = "begun"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    DEAD = "dead"
    UNKNOWN = "unknown"
    HELD = "held"

    @property
    def needs_a_person(self) -> bool:
        return self in {PromiseState.REFUSED, PromiseState.DEAD, PromiseState.UNKNOWN, PromiseState.HELD}


class OutboxMessage(Numbered):
    """One promise: a task's name, its arguments, when it is due, and how it went.

    `lease_until` is when a hand-over counts as lost and may be made again; `losses` counts how often that came about.
    `key` makes a promise unique.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "lane", "due_at"),
        Index("ix_outbox_lease", "state", "lease_until"),
    )

    task: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    lane: Mapped[Lane] = mapped_column(choice(Lane), default=Lane.INSIDE)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[PromiseState] = mapped_column(choice(PromiseState), default=PromiseState.WAITING)
    due_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    losses: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Heartbeat(Base):
    """A sign of life from a worker or relay process, in the machine's own time: see `clock.real`."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), index=True)
    beat_at: Mapped[datetime] = mapped_column(Instant)
