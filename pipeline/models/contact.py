"""A person, a company, or a person at a company; and the tags that contacts and opportunities wear."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, choice
from pipeline.models.pipeline import Colour
from pipeline.models.user import User, initials_of

contact_tags = Table(
    "contact_tags",
    Base.metadata,
    Column("contact_id", ForeignKey("contacts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)


class Tag(Numbered):
    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    colour: Mapped[Colour] = mapped_column(choice(Colour), default=Colour.SLATE)


class Contact(Numbered):
    __tablename__ = "contacts"

    name: Mapped[str] = mapped_column(String(120), index=True)
    is_company: Mapped[bool] = mapped_column(default=False)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_digits: Mapped[str | None] = mapped_column(String(40), index=True)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    company: Mapped["Contact | None"] = relationship(remote_side="Contact.id")
    owner: Mapped[User | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=contact_tags, order_by=Tag.name)

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def company_name(self) -> str | None:
        """The company's name: the contact's own when it is one."""
        if self.is_company:
            return self.name
        return self.company.name if self.company else None
