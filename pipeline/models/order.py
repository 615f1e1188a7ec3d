"""Orders: what was bought, numbered without gaps, with what was paid and given back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Instant, Numbered
from pipeline.models.buy_link import BuyLink
from pipeline.models.contact import Contact
from pipeline.models.line import SnapshotLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.payment import Payment, PaymentState, Provider
from pipeline.models.user import User


class OrderState(StrEnum):
    """What payments and refunds make of an order."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"

    @classmethod
    def of(cls, total: int, received: int, refunded: int) -> "OrderState":
        """From what was asked for, what came and what went back; minor units. What was paid once is not asked again."""
        kept = received - refunded
        if refunded and kept <= 0 < total:
            return cls.REFUNDED
        if kept >= total:
            return cls.PAID if kept == total else cls.OVERPAID
        if refunded and received >= total:
            return cls.PARTLY_REFUNDED
        return cls.PARTLY_PAID if kept > 0 else cls.UNPAID

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be paid any more, and nothing was paid too much."""
        return self in {OrderState.PAID, OrderState.PARTLY_REFUNDED, OrderState.REFUNDED}

    @property
    def spoken(self) -> str:
        return self.replace("_", " ").capitalize()


class OrderCounter(Base):
    """The single row with the last number given: taken in the order's own transaction, so that none is ever missing."""

    __tablename__ = "order_counter"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Order(Numbered):
    """One sale. Names, lines and amounts stay as they were. Without `placed_by` it was bought through its `link`.

    `subscription_ref` is the payment provider's name for what will be charged again.
    """

    __tablename__ = "orders"

    number: Mapped[int] = mapped_column(unique=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("buy_links.id"), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    buyer_name: Mapped[str] = mapped_column(String(200))
    buyer_email: Mapped[str] = mapped_column(String(254), default="")
    currency: Mapped[str] = mapped_column(String(3))
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger, default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    subscription_ref: Mapped[str | None] = mapped_column(String(255), index=True)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime] = mapped_column(Instant, index=True)
    opportunity: Mapped[Opportunity] = relationship()
    contact: Mapped[Contact] = relationship()
    link: Mapped[BuyLink | None] = relationship()
    placed_by: Mapped[User | None] = relationship()
    payments: Mapped[list[Payment]] = relationship(order_by=Payment.id)
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.position", cascade="all, delete-orphan"
    )

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def received(self) -> int:
        """Money that came, whatever went back. What a subscription is charged again is beyond the order."""
        return sum(payment.amount for payment in self.payments if self.is_paid_by(payment))

    @property
    def refunded(self) -> int:
        return sum(payment.refunded for payment in self.payments if self.is_paid_by(payment))

    def is_paid_by(self, payment: Payment) -> bool:
        return payment.counts_for(self.currency) and not self.is_renewed_by(payment)

    def is_renewed_by(self, payment: Payment) -> bool:
        """Whether a subscription was charged again: by its provider, and in no attempt to buy it."""
        by_itself = payment.attempt_id is None and payment.provider is not Provider.OFFLINE
        return self.subscription_ref is not None and by_itself

    @property
    def balance(self) -> int:
        """What is still to be paid; below zero what was paid too much. Minor units."""
        return 0 if self.state.is_settled else self.total - (self.received - self.refunded)

    @property
    def state(self) -> OrderState:
        return OrderState.of(self.total, self.received, self.refunded)

    @property
    def is_test(self) -> bool:
        """Whether any of its money is a test's."""
        return any(payment.is_test for payment in self.payments)

    @property
    def due_later(self) -> int:
        """Of the balance, the first payment of a subscription that is in its trial: the provider will take it."""
        in_trial = sum(line.total for line in self.lines if line.trial_days) if self.subscription_ref else 0
        return min(in_trial, max(self.balance, 0))

    @property
    def due_now(self) -> int:
        """Of the balance, what is asked for already."""
        return max(self.balance, 0) - self.due_later

    @property
    def is_pending(self) -> bool:
        """Whether money was announced that has not come yet."""
        return any(payment.state is PaymentState.PENDING for payment in self.payments)


class OrderLine(SnapshotLine):
    """A line as it was bought."""

    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(back_populates="lines")
