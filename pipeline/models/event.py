"""A row of history. Never changed, never deleted: timeline, audit, automation and notifications read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered
from pipeline.models.user import User


class Event(Numbered):
    """One fact that happened. `particulars` is the fact's own fields; read it back with `events.fact_of`.

    `cause_id` names the event whose automation led to this one, and `depth` counts how many stand before it.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_opportunity", "opportunity_id", "id"),
        Index("ix_events_contact", "contact_id", "id"),
    )

    kind: Mapped[str] = mapped_column(String(60), index=True)
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    via: Mapped[str] = mapped_column(String(20))
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    subject: Mapped[str] = mapped_column(String(80))
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    depth: Mapped[int] = mapped_column(default=0)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[User | None] = relationship()
