"""What the deals of a stage come to, kept up to date by the database itself (`pipeline.kept.stage_sums`)."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.models.base import Numbered, choice
from pipeline.models.opportunity import Status


class StageSum(Numbered):
    """A part of a sum: rows of the same stage, owner, status and currency add up. Never written by hand.

    `value` and `weighted` are minor units. Deleted deals are not in it. Without foreign keys: it is derived.
    """

    __tablename__ = "stage_sums"
    __table_args__ = (Index("ix_stage_sums_key", "stage_id", "owner_id", "status", "currency"),)

    stage_id: Mapped[int]
    owner_id: Mapped[int | None]
    status: Mapped[Status] = mapped_column(choice(Status))
    currency: Mapped[str] = mapped_column(String(3))
    count: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[int] = mapped_column(BigInteger)
    weighted: Mapped[int] = mapped_column(BigInteger)
