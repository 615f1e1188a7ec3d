"""Payment by Stripe's hosted Checkout Sessions, so that no card's data touches us.

Whatever changes something there is sent under an idempotency key; amounts are always the ones of our own snapshot.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

import stripe
import structlog
from stripe.checkout import Session as CheckoutSession

from pipeline.domain.paying.terms import months_after
from pipeline.domain.paying.words import (
    Basket,
    Money,
    MoneyState,
    Notice,
    ProviderRefused,
    RefundSeen,
    Session,
    SessionStatus,
)
from pipeline.gateways import stripe_answers as answers
from pipeline.gateways import stripe_baskets, stripe_calls
from pipeline.gateways.stripe_amounts import to_stripe
from pipeline.models.payment import Provider
from pipeline.settings import Settings

TO_CONNECT, TO_ANSWER = 4.0, 12.0
WITH_PAYMENTS = ["payment_intent.latest_charge", "subscription", "invoice.payments"]
PAGE = 100
ENDED = frozenset({"canceled", "incomplete_expired"})
TEST_KEYS = ("sk_test_", "rk_test_")

stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.WARNING)  # below, it writes down what was asked, names and addresses too
log = structlog.get_logger()


class StripeGateway:
    provider = Provider.STRIPE
    shortest = timedelta(minutes=33)
    """Stripe's own half hour, and what passes until it hears of a session, be it asked a second time."""
    longest = timedelta(hours=23, minutes=59)

    def __init__(self, settings: Settings) -> None:
        self.webhook_secret = settings.stripe_webhook_secret
        self.is_test = settings.stripe_secret_key.startswith(TEST_KEYS)
        self.client = _client(settings.stripe_secret_key, settings.stripe_api_base)

    def check(self) -> None:
        with answers.asking():
            self.client.v1.checkout.sessions.list({"limit": 1})

    def open(self, basket: Basket, *, key: str) -> Session:
        fields = stripe_baskets.session(basket)
        with answers.asking():
            return answers.session(self.client.v1.checkout.sessions.create(fields, {"idempotency_key": key}), [])

    def fetch(self, session_ref: str) -> Session:
        with answers.asking():
            seen = self.client.v1.checkout.sessions.retrieve(session_ref, {"expand": WITH_PAYMENTS})
            payments = list(self._payments(seen))
        if isinstance(seen.subscription, stripe.Subscription):
            self._let_end(seen.subscription)
        return answers.session(seen, payments)

    def expire(self, session_ref: str) -> Session:
        """One that is not open any more cannot be expired, and stays what it is."""
        try:
            with answers.asking():
                self.client.v1.checkout.sessions.expire(session_ref)
        except ProviderRefused:
            session = self.fetch(session_ref)
            if session.status is SessionStatus.OPEN:
                raise
            return session
        return self.fetch(session_ref)

    def renewals(self, subscription_ref: str) -> list[Money]:
        with answers.asking():
            subscription = self.client.v1.subscriptions.retrieve(subscription_ref)
            listed = self.client.v1.invoices.list(
                {"subscription": subscription_ref, "limit": PAGE, "expand": ["data.payments"]}
            )
            later = [each for each in listed.auto_paging_iter() if each.billing_reason != "subscription_create"]
            payments = [money for invoice in reversed(later) for money in self._of_invoice(invoice, is_listed=True)]
        self._let_end(subscription)
        return payments

    def end_subscription(self, subscription_ref: str, *, key: str) -> None:
        """Ending twice is ending once, with Stripe as with us: it needs no key."""
        try:
            with answers.asking():
                self.client.v1.subscriptions.cancel(subscription_ref)
        except ProviderRefused:
            with answers.asking():
                if self.client.v1.subscriptions.retrieve(subscription_ref).status not in ENDED:
                    raise

    def refund(self, payment_ref: str, amount: int, currency: str, *, key: str) -> RefundSeen:
        """Stripe forgets keys after a day. The refund carries its own, and is looked for before it is made."""
        with answers.asking():
            for made in self.client.v1.refunds.list({"payment_intent": payment_ref, "limit": PAGE}).auto_paging_iter():
                if made.metadata and made.metadata.to_dict().get("key") == key:
                    return answers.refund(made)
            asked = self.client.v1.refunds.create(
                {
                    "payment_intent": payment_ref,
                    "amount": to_stripe(amount, currency),
                    "metadata": {"key": key},
                },
                {"idempotency_key": key},
            )
            return answers.refund(asked)

    def refunded(self, refund_ref: str) -> RefundSeen:
        with answers.asking():
            return answers.refund(self.client.v1.refunds.retrieve(refund_ref))

    def read(self, body: bytes, signature: str) -> Notice | None:
        return stripe_calls.read(body, signature, self.webhook_secret)

    def _payments(self, seen: CheckoutSession) -> Iterable[Money]:
        """What was paid or announced in a session: by itself, or by the first invoice of its subscription."""
        if isinstance(seen.payment_intent, stripe.PaymentIntent):
            paid = answers.money(seen.payment_intent)
            if seen.status == "complete" or paid.state is MoneyState.SUCCEEDED:
                yield paid
        if isinstance(seen.invoice, stripe.Invoice):
            yield from self._of_invoice(seen.invoice)

    def _of_invoice(self, invoice: stripe.Invoice, *, is_listed: bool = False) -> Iterable[Money]:
        """Payments of an invoice that was tried to be paid. Of many, only those are asked for that are not through."""
        if not invoice.attempted or invoice.payments is None:
            return
        for payment in invoice.payments.data:
            intent = answers.ref(getattr(payment.payment, "payment_intent", None))
            if intent is None or payment.status == "canceled":
                continue
            if is_listed and payment.status == "paid":
                yield answers.paid(payment, intent)
            else:
                yield answers.money(self.client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}))

    def _let_end(self, subscription: stripe.Subscription) -> None:
        """Have it end after its last payment, which no field of a session can say. Said twice it is said once."""
        course = subscription.metadata.to_dict()
        if subscription.cancel_at or subscription.status in ENDED or stripe_baskets.PAYMENTS not in course:
            return
        begins = answers.moment(subscription.trial_end or subscription.billing_cycle_anchor)
        months = int(course[stripe_baskets.PAYMENTS]) * int(course[stripe_baskets.MONTHS])
        ends = int(months_after(begins, months).timestamp())
        try:
            with answers.asking():
                self.client.v1.subscriptions.update(subscription.id, {"cancel_at": ends, "proration_behavior": "none"})
        except ProviderRefused:
            log.exception("stripe.subscription_without_end", subscription=subscription.id)


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    """One for all, so that connections are kept. It asks once; whoever called knows whether to ask again."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base.rstrip("/")} if base else None,
        http_client=stripe.RequestsClient(timeout=(TO_CONNECT, TO_ANSWER)),
        max_network_retries=0,
    )
