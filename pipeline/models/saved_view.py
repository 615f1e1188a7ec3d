"""Views of the list and the board that people keep: what was asked, by name; and what each person opens with."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, choice
from pipeline.models.user import User


class Place(StrEnum):
    LIST = "list"
    BOARD = "board"


class SavedView(Numbered):
    """`asked` is the query of a URL: filter, order, columns, and for a board its pipeline. Shared is with everyone."""

    __tablename__ = "saved_views"

    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    place: Mapped[Place] = mapped_column(choice(Place))
    name: Mapped[str] = mapped_column(String(60))
    asked: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    owner: Mapped[User] = relationship()


class Habit(Base):
    """How somebody's list or board begins: with which view, and with which columns, joined by commas."""

    __tablename__ = "habits"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    place: Mapped[Place] = mapped_column(choice(Place), primary_key=True)
    view_id: Mapped[int | None] = mapped_column(ForeignKey("saved_views.id"))
    columns: Mapped[str] = mapped_column(String(400), default="")
