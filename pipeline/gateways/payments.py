"""Payment's way out: one protocol for every provider, chosen by the settings; the sandbox where none is set."""

from datetime import timedelta
from importlib import import_module
from typing import Protocol

from pipeline.domain.paying.words import Basket, Money, Notice, ProviderRefused, RefundSeen, Session
from pipeline.models.payment import Provider
from pipeline.settings import Settings

GATEWAYS = {
    Provider.STRIPE: ("pipeline.gateways.stripe", "StripeGateway"),
    Provider.SANDBOX: ("pipeline.gateways.sandbox", "SandboxGateway"),
}
"""Where each is, loaded only where it is asked for: a provider's own package may be large."""


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

    def check(self) -> None:
        """Raises what stands in the way of asking the provider anything."""

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

    def refunded(self, refund_ref: str) -> RefundSeen:
        """How a refund stands now: one that was on its way can come back."""

    def read(self, body: bytes, signature: str) -> Notice | None:
        """A call's meaning; none if it is about nothing of ours. Raises `BadSignature`."""


def gateway(settings: Settings) -> PaymentGateway:
    """Where prospects pay now: Stripe when its keys are set, else the built-in sandbox."""
    return of(Provider.STRIPE if settings.stripe_secret_key else Provider.SANDBOX, settings)


def of(provider: Provider, settings: Settings) -> PaymentGateway:
    """A provider by name, for what was begun there. Raises `ProviderRefused` for one that cannot be asked."""
    if provider is Provider.STRIPE and not settings.stripe_secret_key:
        raise ProviderRefused("Stripe's keys are not set, so that Stripe cannot be asked.")
    if provider not in GATEWAYS:
        raise ProviderRefused("Money that was recorded by hand has no provider to ask.")
    module, name = GATEWAYS[provider]
    made: PaymentGateway = getattr(import_module(module), name)(settings)
    return made
