"""Money: attempts to pay, payments that came of them, refunds of payments, and what providers called to tell."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class Provider(StrEnum):
    """Who takes the money. `offline`: a cheque or a transfer that a user wrote down."""

    SANDBOX = "sandbox"
    STRIPE = "stripe"
    OFFLINE = "offline"


class AttemptState(StrEnum):
    """opening → open → [pending, for methods that take days] → paid, failed or expired.

    `expire_pending`: the provider's session should end, and could not be ended yet.
    """

    OPENING = "opening"
    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRE_PENDING = "expire_pending"
    EXPIRED = "expired"

    @property
    def is_over(self) -> bool:
        return self in {AttemptState.PAID, AttemptState.FAILED, AttemptState.EXPIRED}


class PaymentState(StrEnum):
    """`pending`: announced, the money is on its way. `failed`: it was announced and did not come."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PaymentFlag(StrEnum):
    """What a payment is to its offer: the one, too late, a second one, or not the amount or currency asked for."""

    NORMAL = "normal"
    LATE = "late"
    DOUBLE = "double"
    MISMATCH = "mismatch"

    @property
    def needs_a_person(self) -> bool:
        return self is not PaymentFlag.NORMAL


class RefundState(StrEnum):
    """`waiting`: a worker will ask the provider. `unknown`: asked, and nobody can say whether it was done."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CheckoutAttempt(Numbered):
    """One session at a provider. `key` is the idempotency key with which it is opened, again and again if need be.

    `amount`, in minor units of `currency`, is the link's at that moment. The provider was last asked at `checked_at`.
    """

    __tablename__ = "checkout_attempts"
    __table_args__ = (
        UniqueConstraint("provider", "session_ref"),
        Index("ix_checkout_attempts_open", "state", "checked_at"),
    )

    link_id: Mapped[int] = mapped_column(ForeignKey("buy_links.id"), index=True)
    provider: Mapped[Provider] = mapped_column(choice(Provider))
    is_test: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState), default=AttemptState.OPENING)
    session_ref: Mapped[str | None] = mapped_column(String(255))
    url: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    link: Mapped[BuyLink] = relationship()
    payments: Mapped[list["Payment"]] = relationship(back_populates="attempt", order_by="Payment.id")


class Payment(Numbered):
    """Money that came or is coming, in minor units. `payment_ref` is the provider's name for it, unique there.

    A late or mismatched one waits for a person: `decided_at` is when it was accepted, or given back.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("provider", "payment_ref"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_payments_undecided", "flag", "decided_at"),
    )

    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("checkout_attempts.id"), index=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("buy_links.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    provider: Mapped[Provider] = mapped_column(choice(Provider))
    payment_ref: Mapped[str] = mapped_column(String(255))
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState))
    flag: Mapped[PaymentFlag] = mapped_column(choice(PaymentFlag), default=PaymentFlag.NORMAL)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(40), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    attempt: Mapped[CheckoutAttempt | None] = relationship(back_populates="payments")
    opportunity: Mapped[Opportunity] = relationship()
    link: Mapped[BuyLink | None] = relationship()
    recorded_by: Mapped[User | None] = relationship(foreign_keys=[recorded_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    refunds: Mapped[list["Refund"]] = relationship(back_populates="payment", order_by="Refund.id")

    @property
    def is_test(self) -> bool:
        """Whether it is money that nobody ever had."""
        return self.provider is Provider.SANDBOX or (self.attempt is not None and self.attempt.is_test)

    @property
    def refunded(self) -> int:
        """What went back, or is promised to."""
        return sum(refund.amount for refund in self.refunds if refund.state is not RefundState.FAILED)

    @property
    def refundable(self) -> int:
        return self.amount - self.refunded if self.state is PaymentState.SUCCEEDED else 0

    @property
    def counts(self) -> bool:
        """Whether it is money that came and is meant: in time and as asked, or accepted, and not all given back."""
        has_come = self.state is PaymentState.SUCCEEDED and (self.refundable > 0 or not self.amount)
        return has_come and (self.flag is PaymentFlag.NORMAL or self.decided_at is not None)

    @property
    def awaits_decision(self) -> bool:
        return self.flag.needs_a_person and self.decided_at is None and self.state is PaymentState.SUCCEEDED

    def counts_for(self, currency: str) -> bool:
        """Whether it is money that has come, in this currency."""
        return self.state is PaymentState.SUCCEEDED and self.currency == currency


class Refund(Numbered):
    """Money given back of one payment, in minor units. `key` is the idempotency key with which it is asked for."""

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[RefundState] = mapped_column(choice(RefundState), default=RefundState.WAITING)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    refund_ref: Mapped[str | None] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    payment: Mapped[Payment] = relationship(back_populates="refunds")
    by: Mapped[User | None] = relationship()


class ProviderEvent(Numbered):
    """A provider's call, once by its own number: what it was about, and what was made of it."""

    __tablename__ = "provider_events"
    __table_args__ = (UniqueConstraint("provider", "event_ref"),)

    provider: Mapped[Provider] = mapped_column(choice(Provider))
    event_ref: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(80))
    session_ref: Mapped[str | None] = mapped_column(String(255))
    outcome: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)


class SandboxSession(Numbered):
    """A session at the built-in provider, which moves no money: what the payer chose, and what came of it.

    `payments` is a list of `{ref, amount, currency, state, at}`; `refunds` maps an idempotency key to what was done.
    `subscription` is what will be charged again, and how often.
    """

    __tablename__ = "sandbox_sessions"

    ref: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(20), default="open")
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    description: Mapped[str] = mapped_column(Text, default="")
    success_url: Mapped[str] = mapped_column(Text)
    cancel_url: Mapped[str] = mapped_column(Text)
    payments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    refunds: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subscription: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
