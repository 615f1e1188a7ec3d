"""The same change to many opportunities: one run, and an item for each of them with what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, choice
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class BulkVerb(StrEnum):
    """What can be done to many at once."""

    ASSIGN = "assign"
    MOVE = "move"
    SET_STATUS = "set_status"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    DELETE = "delete"


class BulkState(StrEnum):
    """running → done; or stopped, by a person or by trouble, until somebody lets it go on."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class ItemState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


class BulkRun(Numbered):
    """Who does what to how many. Counts are of items so far; together they say how far it got.

    `arguments` holds the verb's own arguments as JSON; `description` says them in words, as names were then. A run that
    takes another one back names it in `undoes_id`. `came_from` is the address where it was asked for.
    """

    __tablename__ = "bulk_runs"
    __table_args__ = (Index("ix_bulk_runs_mine", "started_by_id", "id"),)

    started_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    verb: Mapped[BulkVerb] = mapped_column(choice(BulkVerb))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(String(200))
    with_automation: Mapped[bool] = mapped_column(default=False)
    came_from: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[BulkState] = mapped_column(choice(BulkState), default=BulkState.RUNNING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("bulk_runs.id"), unique=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    started_by: Mapped[User] = relationship()
    undoes: Mapped["BulkRun | None"] = relationship(remote_side="BulkRun.id", back_populates="undone_by")
    undone_by: Mapped["BulkRun | None"] = relationship(back_populates="undoes", uselist=False)

    @property
    def settled(self) -> int:
        """How many items have come to their end."""
        return self.done + self.refused + self.unchanged

    @property
    def is_running(self) -> bool:
        return self.state is BulkState.RUNNING


class BulkItem(Base):
    """One opportunity of a run: what became of it, why it was refused, and how it was before, to put it back."""

    __tablename__ = "bulk_items"
    __table_args__ = (Index("ix_bulk_items_state", "run_id", "state", "opportunity_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_runs.id"), primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True, index=True)
    state: Mapped[ItemState] = mapped_column(choice(ItemState), default=ItemState.WAITING)
    message: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    opportunity: Mapped[Opportunity] = relationship()
