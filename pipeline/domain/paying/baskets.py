"""What is put before a payment provider: an offer's lines as they were snapshotted, and nothing that a client said."""

from collections.abc import Iterable

from pipeline.domain import buy_links
from pipeline.domain.paying.words import Basket, BasketLine
from pipeline.models.buy_link import BuyLink, LinkLine
from pipeline.models.payment import CheckoutAttempt


def of(attempt: CheckoutAttempt) -> Basket:
    """The same basket each time it is asked for, so that a provider can tell that a session is opened again."""
    link, address = attempt.link, buy_links.address(attempt.link)
    return Basket(
        reference=attempt.key,
        currency=attempt.currency,
        lines=tuple(_lines(link.lines)),
        buyer_email=link.opportunity.contact.email,
        success_url=f"{address}/return/{attempt.key}",
        cancel_url=address,
        expires_at=attempt.expires_at or link.expires_at,
    )


def due_now(link: BuyLink) -> int:
    """What is paid at once, tax included: a line that begins with a trial is not."""
    return sum(line.amount for line in _lines(link.lines) if not line.trial_days)


def _lines(lines: Iterable[LinkLine]) -> Iterable[BasketLine]:
    for line in lines:
        yield BasketLine(
            name=line.name,
            quantity=line.quantity,
            amount=line.total,
            interval_months=line.interval_months,
            trial_days=line.trial_days,
            payments_count=line.payments_count,
        )
