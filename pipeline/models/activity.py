"""What a rep has to do (tasks, calls, meetings, mails) and what was noted down."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class ActivityKind(StrEnum):
    TODO = "todo"
    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"


TO_DO = text("done_at IS NULL AND deleted_at IS NULL")


class Activity(Numbered):
    """Something to do, done or not. Due on a day in the assignee's zone, at a time if that matters."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_due", "assignee_id", "done_at", "due_on"),
        Index("ix_activities_to_do", "assignee_id", "due_on", "id", sqlite_where=TO_DO, postgresql_where=TO_DO),
    )

    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind), default=ActivityKind.TODO)
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    priority: Mapped[Priority] = mapped_column(choice(Priority), default=Priority.NORMAL)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[date | None]
    due_at: Mapped[time | None]
    outcome: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    opportunity: Mapped[Opportunity | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class Note(Numbered):
    __tablename__ = "notes"

    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    opportunity: Mapped[Opportunity | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    author: Mapped[User | None] = relationship()
