"""People who sign in, the groups they are in, and what each may do."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, Typed, choice
from pipeline.models.card_layout import CardLayout


class GroupKind(StrEnum):
    """Administrators and sales reps have meaning; a team's managers see its members' records; others are free."""

    ADMINISTRATORS = "administrators"
    SALES_REPS = "sales_reps"
    TEAM = "team"
    OTHER = "other"


MEANS = "kind IN ('administrators', 'sales_reps')"


class Group(Numbered):
    __tablename__ = "groups"
    __table_args__ = (
        Index("uq_groups_meaning", "kind", unique=True, sqlite_where=text(MEANS), postgresql_where=text(MEANS)),
    )

    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[GroupKind] = mapped_column(choice(GroupKind), default=GroupKind.OTHER)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="group", cascade="all, delete-orphan")


class Membership(Base):
    """A user's place in a group, as a manager of it or not."""

    __tablename__ = "memberships"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    is_manager: Mapped[bool] = mapped_column(default=False)
    group: Mapped[Group] = relationship(back_populates="memberships", lazy="joined")
    user: Mapped["User"] = relationship(back_populates="memberships")


class User(Numbered):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    session_epoch: Mapped[int] = mapped_column(default=0)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    is_active: Mapped[bool] = mapped_column(default=True)
    may_view_all: Mapped[bool] = mapped_column(default=False)
    may_edit_all: Mapped[bool] = mapped_column(default=False)
    may_add: Mapped[bool] = mapped_column(default=True)
    may_search: Mapped[bool] = mapped_column(default=True)
    may_delete: Mapped[bool] = mapped_column(default=False)
    may_edit_closed: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    card_layout: Mapped[CardLayout | None] = mapped_column(Typed(CardLayout))
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_admin(self) -> bool:
        return self._is_in(GroupKind.ADMINISTRATORS)

    @property
    def is_rep(self) -> bool:
        """Only sales reps own opportunities."""
        return self._is_in(GroupKind.SALES_REPS)

    @property
    def managed_group_ids(self) -> list[int]:
        """The teams whose members' records this user sees."""
        return [
            membership.group_id
            for membership in self.memberships
            if membership.is_manager and membership.group.kind is GroupKind.TEAM
        ]

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    def _is_in(self, kind: GroupKind) -> bool:
        return any(membership.group.kind is kind for membership in self.memberships)


def initials_of(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
