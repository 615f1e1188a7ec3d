"""Payment's way out: one protocol for every provider, chosen by the settings; the sandbox where none is set."""

from datetime import timedelta
from typing import Protocol

from pipeline.domain.paying.words import Basket, Money, Notice, RefundSeen, Session
from pipeline.models.payment import Provider


class PaymentGateway(Protocol):
    """Each call may raise `ProviderDown` or `ProviderRefused`. A key makes it count once, however often it is made."""

    @property
    def provider(self) -> Provider: ...

    @property
    def is_test(self) -> bool:
        """Whether no real money moves."""

    @property
    def shortest(self) -> timedelta:
        """The least time for which a session can be opened; what has to end sooner is ended by `expire`."""

    @property
    def longest(self) -> timedelta: ...

    def open(self, basket: Basket, *, key: str) -> Session:
        """A session where the payer can pay the basket, at `url`."""

    def fetch(self, session_ref: str) -> Session:
        """How it stands now, with every payment that was made in it."""

    def expire(self, session_ref: str) -> Session:
        """End it, so that nobody can pay in it any more; as it stands then. One that is complete stays complete."""

    def renewals(self, subscription_ref: str) -> list[Money]:
        """Every payment of a subscription that went through or failed after the first."""

    def end_subscription(self, subscription_ref: str, *, key: str) -> None:
        """Charge it no more. One that has ended stays ended."""

    def refund(self, payment_ref: str, amount: int, currency: str, *, key: str) -> RefundSeen:
        """Give money back of one payment."""

    def read(self, body: bytes, signature: str) -> Notice | None:
        """A call's meaning; none if it is about nothing of ours. Raises `BadSignature`."""
