"""Mail templates, and every mail that is to leave or has left."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity


class MailState(StrEnum):
    """`unknown`: the hand-over began and nobody can say whether it went; it is shown to a person and not sent again."""

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Carrier(StrEnum):
    SMTP = "smtp"
    MAILBOX = "mailbox"


class MailTemplate(Numbered):
    __tablename__ = "mail_templates"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)


class Mail(Numbered):
    """One mail to one person. `purpose` (a unique key such as `step:17`) says what made it, so it is made once."""

    __tablename__ = "mails"

    purpose: Mapped[str] = mapped_column(String(80), unique=True)
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    to_name: Mapped[str] = mapped_column(String(120), default="")
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    reply_to: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.SCHEDULED)
    carrier: Mapped[Carrier | None] = mapped_column(choice(Carrier))
    message_id: Mapped[str | None] = mapped_column(String(255))
    remark: Mapped[str | None] = mapped_column(Text)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("mail_templates.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    opportunity: Mapped[Opportunity | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    template: Mapped[MailTemplate | None] = relationship()
