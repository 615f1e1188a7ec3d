"""Forms that make something new, each sent once however often the button is pressed."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Base, Instant


class Submission(Base):
    """The key of a rendered form, written by the transaction that did what the form asked for."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Instant, index=True)
