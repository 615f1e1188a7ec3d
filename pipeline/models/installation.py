"""What this one installation knows about itself."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Numbered


class Installation(Numbered):
    """The single row: whose it is, how long one can undo, and how far a demo's clock was moved on (both in seconds)."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("undo_seconds BETWEEN 0 AND 300", name="undo_seconds"),
    )

    company_name: Mapped[str] = mapped_column(String(120), default="")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    undo_seconds: Mapped[int] = mapped_column(default=30, server_default="30")
    is_demo: Mapped[bool] = mapped_column(default=False)
    clock_offset: Mapped[int] = mapped_column(default=0)
