"""What is said between the house and a payment provider, whoever that is. Amounts in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class BasketLine:
    """`amount` for the whole quantity, tax and discount included. Without an interval it is paid once."""

    name: str
    quantity: int
    amount: int
    interval_months: int | None = None
    trial_days: int = 0
    payments_count: int | None = None


@dataclass(frozen=True)
class Basket:
    """What a session is opened for. `reference` is our name for the attempt; addresses are absolute."""

    reference: str
    currency: str
    lines: Sequence[BasketLine]
    buyer_email: str | None
    success_url: str
    cancel_url: str
    expires_at: datetime

    @property
    def amount(self) -> int:
        """What is due at once: a line that begins with a trial is not."""
        return sum(line.amount for line in self.lines if not line.trial_days)

    @property
    def is_subscription(self) -> bool:
        return any(line.interval_months for line in self.lines)


class SessionStatus(StrEnum):
    """`complete` says that the payer is through, not that money came: that is in its payments."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class MoneyState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Money:
    """One payment as the provider knows it."""

    ref: str
    amount: int
    currency: str
    state: MoneyState
    at: datetime
    method: str = ""


@dataclass(frozen=True)
class Session:
    """A session as the provider knows it now. `reference` is what the basket gave it.

    `is_free_for_now`: it is complete and nothing was due yet, such as a subscription in its trial.
    """

    ref: str
    reference: str
    status: SessionStatus
    url: str | None
    is_test: bool
    expires_at: datetime | None = None
    payments: Sequence[Money] = field(default_factory=tuple)
    subscription_ref: str | None = None
    is_free_for_now: bool = False


@dataclass(frozen=True)
class RefundSeen:
    """A refund as the provider knows it."""

    ref: str
    state: MoneyState
    error: str | None = None


@dataclass(frozen=True)
class Notice:
    """A provider's call, its signature verified. It only says where to look: the truth is fetched.

    One about a later payment of a subscription names that, and carries no session; one about its first payment may know
    nothing but what the basket was called.
    """

    event_ref: str
    kind: str
    is_test: bool
    account: str | None = None
    session_ref: str | None = None
    subscription_ref: str | None = None
    payment_ref: str | None = None
    reference: str | None = None


class ProviderError(Exception):
    """The provider did not do it; the message is for an admin."""


class ProviderDown(ProviderError):
    """No answer, a late one, or 5xx: it may or may not have been done. Ask again with the same key."""


class ProviderRefused(ProviderError):
    """It understood and said no; asking again will not help."""


class BadSignature(ProviderError):
    """The call does not come from the provider, or is too old."""
