"""Who follows which opportunity: is told of what happens to it, and has no other right by that."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class Follower(Base):
    __tablename__ = "followers"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Instant)
    opportunity: Mapped[Opportunity] = relationship()
    user: Mapped[User] = relationship()
