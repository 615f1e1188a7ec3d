"""Automations: a trigger, ordered actions, and a run with its steps for every time one fired."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice
from pipeline.models.event import Event
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Pipeline, Stage


class TriggerKind(StrEnum):
    """What sets an automation off. Each kind reads one kind of fact."""

    STAGE_MOVE = "stage_move"
    BUY_CLICKED = "buy_clicked"
    PURCHASED = "purchased"
    BUY_EXPIRED = "buy_expired"


class ActionKind(StrEnum):
    CREATE_TASK = "create_task"
    SEND_MAIL = "send_mail"
    APPLY_TAG = "apply_tag"
    REMOVE_TAG = "remove_tag"
    NOTIFY_OWNER = "notify_owner"


class DelayUnit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class StepState(StrEnum):
    """Where one action of one run stands. `begun`: its mail is on the way. All others are ends, and have a receipt."""

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"

    @property
    def is_pending(self) -> bool:
        return self in {StepState.WAITING, StepState.BEGUN}

    @property
    def needs_a_person(self) -> bool:
        return self in {StepState.FAILED, StepState.UNKNOWN, StepState.HELD}


class Automation(Numbered):
    """Moved from / moved to / X to Y: a side that is None means any stage. `version` grows with every saved change.

    `note` says what the house did to it, for whoever looks after it: retargeted, or switched off, and why.
    """

    __tablename__ = "automations"

    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    trigger: Mapped[TriggerKind] = mapped_column(choice(TriggerKind), default=TriggerKind.STAGE_MOVE)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("stages.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("stages.id"))
    only_by_person: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    pipeline: Mapped[Pipeline] = relationship()
    source: Mapped[Stage | None] = relationship(foreign_keys=[source_id])
    target: Mapped[Stage | None] = relationship(foreign_keys=[target_id])
    actions: Mapped[list["Action"]] = relationship(
        back_populates="automation", order_by="Action.position", cascade="all, delete-orphan"
    )


class Action(Numbered):
    """One thing to do, at once or later. `settings` belongs to the kind: see `domain/actions/`."""

    __tablename__ = "automation_actions"
    __table_args__ = (CheckConstraint("delay >= 0", name="delay"),)

    automation_id: Mapped[int] = mapped_column(ForeignKey("automations.id"), index=True)
    position: Mapped[int]
    kind: Mapped[ActionKind] = mapped_column(choice(ActionKind))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    delay: Mapped[int] = mapped_column(default=0)
    delay_unit: Mapped[DelayUnit] = mapped_column(choice(DelayUnit), default=DelayUnit.MINUTES)
    automation: Mapped[Automation] = relationship(back_populates="actions")


class Run(Numbered):
    """One firing of an automation for one opportunity: once per event, whatever is repeated."""

    __tablename__ = "automation_runs"
    __table_args__ = (UniqueConstraint("automation_id", "event_id"),)

    automation_id: Mapped[int] = mapped_column(ForeignKey("automations.id"))
    version: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    automation: Mapped[Automation] = relationship()
    event: Mapped[Event] = relationship()
    opportunity: Mapped[Opportunity] = relationship()
    steps: Mapped[list["Step"]] = relationship(back_populates="run", order_by="Step.position")


class Step(Numbered):
    """One action of one run, with the settings and the words it began with, and the receipt it ended with.

    `held_until`: it waits till then, so that what led to it can be undone. `made_id` is what it made, to take back.
    """

    __tablename__ = "automation_steps"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        Index("ix_automation_steps_state", "state", "due_at"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("automation_runs.id"))
    position: Mapped[int]
    kind: Mapped[ActionKind] = mapped_column(choice(ActionKind))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(String(300))
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[StepState] = mapped_column(choice(StepState), default=StepState.WAITING)
    receipt: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    made_id: Mapped[int | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    run: Mapped[Run] = relationship(back_populates="steps")
    message: Mapped[OutboxMessage | None] = relationship()
    mail: Mapped[Mail | None] = relationship()
