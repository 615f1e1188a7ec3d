"""What this one installation knows about itself."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Numbered


class Installation(Numbered):
    """The single row: whose it is, whether it is a demo, and how far the demo's clock was moved on (seconds)."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    company_name: Mapped[str] = mapped_column(String(120), default="")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    is_demo: Mapped[bool] = mapped_column(default=False)
    clock_offset: Mapped[int] = mapped_column(default=0)
