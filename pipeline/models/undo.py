"""What is needed to take a person's change back, kept beside it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, Typed
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User


class Before(BaseModel):
    """How an opportunity stood before a move or a change of status."""

    model_config = ConfigDict(frozen=True)

    stage_id: int
    stage: str
    status: Status
    reason_id: int | None
    reason_note: str
    rank: str
    entered_stage_at: datetime
    closed_at: datetime | None
    wake_on: date | None
    woke_on: date | None
    last_contact_at: datetime


class After(BaseModel):
    """Where the change put it, the events it is written down in, and the items ticked along with it."""

    model_config = ConfigDict(frozen=True)

    stage_id: int
    stage: str
    status: Status
    event_ids: list[int]
    ticks: list[int] = []


class Undoable(Numbered):
    """One change of stage or status by one person, who may take it back `until` then."""

    __tablename__ = "undoables"
    __table_args__ = (
        Index("ix_undoables_opportunity", "opportunity_id", "id"),
        Index("ix_undoables_person", "person_id", "id"),
    )

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    before: Mapped[Before] = mapped_column(Typed(Before))
    after: Mapped[After] = mapped_column(Typed(After))
    until: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    opportunity: Mapped[Opportunity] = relationship()
    person: Mapped[User] = relationship()
