"""Buy-now links: an offer as it stood when it was made, at an address that only its holder knows, until it expires."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice, partial_index
from pipeline.models.line import SnapshotLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.skin import Skin
from pipeline.models.user import User


class LinkState(StrEnum):
    """draft → active → one of the ends. A draft follows the deal's lines until it is published."""

    DRAFT = "draft"
    ACTIVE = "active"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    PURCHASED = "purchased"

    @property
    def is_open(self) -> bool:
        return self in {LinkState.DRAFT, LinkState.ACTIVE}


class BuyLink(Numbered):
    """`net`, `tax` and `total` are what its lines came to, in minor units of `currency`: what is charged, at first.

    It is found by `token_hash`, the SHA-256 of its token in hex; the token is kept so that a rep can copy the address
    again. `successor` took its place when the deal's lines changed. `clicks` counts presses of its button by people
    who are not staff. `ended_at` is when it came to one of the ends.
    """

    __tablename__ = "buy_links"
    __table_args__ = (
        partial_index("uq_buy_links_active", "opportunity_id", where="state = 'active'", unique=True),
        partial_index("uq_buy_links_draft", "opportunity_id", where="state = 'draft'", unique=True),
        Index("ix_buy_links_due", "state", "expires_at"),
        Index("ix_buy_links_opportunity", "opportunity_id", "id"),
    )

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"))
    state: Mapped[LinkState] = mapped_column(choice(LinkState), default=LinkState.DRAFT)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger, default=0)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    skin_id: Mapped[int | None] = mapped_column(ForeignKey("skins.id"), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    clicks: Mapped[int] = mapped_column(default=0)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("buy_links.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    opportunity: Mapped[Opportunity] = relationship()
    skin: Mapped[Skin | None] = relationship()
    created_by: Mapped[User | None] = relationship()
    successor: Mapped["BuyLink | None"] = relationship(remote_side="BuyLink.id")
    lines: Mapped[list["LinkLine"]] = relationship(
        back_populates="link", order_by="LinkLine.position", cascade="all, delete-orphan"
    )

    @property
    def total(self) -> int:
        return self.net + self.tax

    def is_good_at(self, moment: datetime) -> bool:
        """Whether it can be bought from at that moment: from the second of its expiry on it can not."""
        return self.state is LinkState.ACTIVE and moment < self.expires_at


class LinkLine(SnapshotLine):
    """A line of the offer, as the prospect reads and pays it."""

    __tablename__ = "buy_link_lines"

    link_id: Mapped[int] = mapped_column(ForeignKey("buy_links.id"), index=True)
    link: Mapped[BuyLink] = relationship(back_populates="lines")


class LinkQuestion(Numbered):
    """What a prospect asked on an offer's page. `email` is where they want the answer, if not the contact's."""

    __tablename__ = "buy_link_questions"

    link_id: Mapped[int] = mapped_column(ForeignKey("buy_links.id"), index=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    link: Mapped[BuyLink] = relationship()
