"""What a user is told in the app."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class Notification(Numbered):
    """One line for one user; `purpose` (such as `step:17` or `event:9`) makes it once per user."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("user_id", "purpose"), Index("ix_notifications_unread", "user_id", "read_at"))

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(300))
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"))
    told_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship()
    opportunity: Mapped[Opportunity | None] = relationship()

    @property
    def run_id(self) -> int | None:
        """The change to many whose end it tells of."""
        kind, _, number = self.purpose.partition(":")
        return int(number) if kind == "bulk" and number.isdecimal() else None
