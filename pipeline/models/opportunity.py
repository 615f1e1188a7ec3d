"""An opportunity: one contact, one stage, one status, one owner, a value."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered, choice, partial_index
from pipeline.models.contact import Contact, Tag
from pipeline.models.pipeline import Outcome, Pipeline, Reason, Stage, StageKind
from pipeline.models.product import Product
from pipeline.models.user import User

opportunity_tags = Table(
    "opportunity_tags",
    Base.metadata,
    Column("opportunity_id", ForeignKey("opportunities.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)

opportunity_products = Table(
    "opportunity_products",
    Base.metadata,
    Column("opportunity_id", ForeignKey("opportunities.id"), primary_key=True),
    Column("product_id", ForeignKey("products.id"), primary_key=True, index=True),
)


class Status(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    ABANDONED = "abandoned"


class ShareLevel(StrEnum):
    READ = "read"
    WRITE = "write"


class LeadSource(Numbered):
    __tablename__ = "lead_sources"

    name: Mapped[str] = mapped_column(String(60), unique=True)


def _created(context: Any) -> datetime | None:
    """Nobody was in touch before it came."""
    created: datetime | None = context.get_current_parameters().get("created_at")
    return created


def _planned(context: Any) -> date | None:
    """A new deal has no tasks yet: only its next action can be planned."""
    day: date | None = context.get_current_parameters().get("next_action_on")
    return day


IN_COLUMN = ("stage_id", "status")
THERE = "deleted_at IS NULL"
LISTED = ("id", "status", "owner_id", "stage_id", "pipeline_id", "value")
"""What a list mostly asks for: with it in an index, a walk in that order finds a page without reading the rows."""


CLOCK = ("last_contact_at", "id", "planned_until", "wake_on", "stage_id")


class Opportunity(Numbered):
    """`value` is what counts: what its lines come to when it has any, else the projected high, else the typed value.

    All in minor units of `currency`; `lines_total` is without tax, a subscription counted with one payment.

    `last_contact_at` is when a person last was in touch about it; `planned_until` the last day on which something is
    planned for it, as a task or as its next action. It rests until `wake_on`; since `woke_on` it waits to be seen to.
    """

    __tablename__ = "opportunities"
    __table_args__ = (
        UniqueConstraint("system", "external_id"),
        CheckConstraint("probability_override BETWEEN 0 AND 100", name="probability_override"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="low_high"),
        partial_index("ix_opportunities_board", *IN_COLUMN, "rank", "id", where=THERE),
        partial_index("ix_opportunities_board_by_age", *IN_COLUMN, "entered_stage_at", "id", where=THERE),
        partial_index("ix_opportunities_board_by_next_action", *IN_COLUMN, "next_action_on", "id", where=THERE),
        partial_index("ix_opportunities_board_by_value", *IN_COLUMN, "value", "id", where=THERE),
        partial_index("ix_opportunities_board_of_owner", "owner_id", *IN_COLUMN, "rank", "id", where=THERE),
        partial_index("ix_opportunities_by_close", "expected_close", *LISTED, where=THERE),
        partial_index("ix_opportunities_by_next_action", "next_action_on", *LISTED, where=THERE),
        Index("ix_opportunities_mine", "owner_id", "status", "deleted_at", *CLOCK),
        partial_index("ix_opportunities_next", "owner_id", "next_action_on", "id", where="next_action_on IS NOT NULL"),
        partial_index("ix_opportunities_wake_on", "wake_on", where="wake_on IS NOT NULL"),
        partial_index("ix_opportunities_woke", "owner_id", "woke_on", "id", where="woke_on IS NOT NULL"),
        Index("ix_opportunities_newest", "created_at", "id"),
        Index("ix_opportunities_place", "stage_id", "rank"),
    )

    title: Mapped[str] = mapped_column(String(200))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.OPEN)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    currency: Mapped[str] = mapped_column(String(3))
    typed_value: Mapped[int] = mapped_column(BigInteger, default=0)
    low: Mapped[int | None] = mapped_column(BigInteger)
    high: Mapped[int | None] = mapped_column(BigInteger)
    lines_total: Mapped[int | None] = mapped_column(BigInteger)
    value: Mapped[int] = mapped_column(BigInteger, default=0)
    probability_override: Mapped[int | None]
    is_committed: Mapped[bool] = mapped_column(default=False)
    expected_close: Mapped[date | None]
    next_action: Mapped[str | None] = mapped_column(String(200))
    next_action_on: Mapped[date | None]
    next_action_at: Mapped[time | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("lead_sources.id"), index=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("reasons.id"), index=True)
    reason_note: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[str] = mapped_column(String(80, collation="C").with_variant(String(80), "sqlite"))
    version: Mapped[int] = mapped_column(default=1)
    system: Mapped[str | None] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    entered_stage_at: Mapped[datetime] = mapped_column(Instant)
    last_contact_at: Mapped[datetime] = mapped_column(Instant, default=_created)
    planned_until: Mapped[date | None] = mapped_column(default=_planned)
    wake_on: Mapped[date | None]
    woke_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    contact: Mapped[Contact] = relationship()
    pipeline: Mapped[Pipeline] = relationship()
    stage: Mapped[Stage] = relationship()
    owner: Mapped[User | None] = relationship()
    source: Mapped[LeadSource | None] = relationship()
    reason: Mapped[Reason | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=opportunity_tags, order_by=Tag.name)
    products: Mapped[list[Product]] = relationship(secondary=opportunity_products, order_by=Product.name)
    shares: Mapped[list["Share"]] = relationship(back_populates="opportunity", cascade="all, delete-orphan")
    moves: Mapped[list["StageMove"]] = relationship(back_populates="opportunity", order_by="StageMove.id")
    ticks: Mapped[list["ChecklistTick"]] = relationship(cascade="all, delete-orphan")

    @property
    def is_open(self) -> bool:
        return self.status is Status.OPEN

    @property
    def lacks_next_step(self) -> bool:
        """Whether it is to be worked, and nothing with a day is planned for it, not even when to wake."""
        return self.is_open and self.stage.kind is StageKind.WORKING and not (self.planned_until or self.wake_on)

    @property
    def outcome(self) -> Outcome | None:
        """The ending it came to, if a reason could explain it."""
        return {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST}.get(self.status)

    @property
    def probability(self) -> int:
        """Percent: its own when overridden, else its stage's."""
        return self.stage.probability if self.probability_override is None else self.probability_override

    @property
    def ticked_item_ids(self) -> set[int]:
        return {tick.item_id for tick in self.ticks}


class Share(Base):
    """Someone else who may see, or also work, an opportunity."""

    __tablename__ = "shares"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    level: Mapped[ShareLevel] = mapped_column(choice(ShareLevel), default=ShareLevel.READ)
    opportunity: Mapped[Opportunity] = relationship(back_populates="shares")
    user: Mapped[User] = relationship()


class StageMove(Numbered):
    """One line of stage history: from where, to where, when, by whom. Names are kept as they were.

    `version` is the opportunity's after the move: who saw an older one has not seen this move.
    """

    __tablename__ = "stage_moves"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("stages.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("stages.id"), index=True)
    source_name: Mapped[str | None] = mapped_column(String(60))
    target_name: Mapped[str] = mapped_column(String(60))
    mover_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    via: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    moved_at: Mapped[datetime] = mapped_column(Instant)
    opportunity: Mapped[Opportunity] = relationship(back_populates="moves")
    mover: Mapped[User | None] = relationship()


class ChecklistTick(Base):
    """An item ticked for an opportunity; the text is kept as it read then."""

    __tablename__ = "checklist_ticks"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_items.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(String(200))
    ticked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ticked_at: Mapped[datetime] = mapped_column(Instant)
    ticked_by: Mapped[User | None] = relationship()
