"""An offer to pay, and what a provider may say of it."""

from datetime import datetime, timedelta
from itertools import count

from pipeline import clock
from pipeline.domain import buy_links
from pipeline.domain.paying import attempts, fulfilment
from pipeline.domain.paying.words import Money, MoneyState, Session, SessionStatus
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.payment import CheckoutAttempt, Payment, Provider
from pipeline.models.product import Charge, Product
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories

PRICE = 10_000
TAX = 1_900
TOTAL = PRICE + TAX
_numbers = count(1)


class Terms:
    """The sandbox's, without the sandbox."""

    provider = Provider.SANDBOX
    is_test = True
    shortest = timedelta()
    longest = timedelta(days=1)


class LiveTerms(Terms):
    provider = Provider.STRIPE
    is_test = False
    shortest = timedelta(minutes=30)


def product(price: int = PRICE, *, tax_rate: int = TAX, currency: str = "USD", **known: object) -> Product:
    with transaction():
        made = Product(name=f"Audit {next(_numbers)}", price=price, currency=currency, tax_rate=tax_rate, **known)
        db.session.add(made)
    return made


def subscription(price: int = PRICE, *, trial_days: int = 0, months: int = 1, payments: int | None = None) -> Product:
    return product(
        price,
        charge=Charge.SUBSCRIPTION,
        interval_months=months,
        trial_days=trial_days,
        payments_count=payments,
    )


def offer(*products: Product, deal: Opportunity | None = None, owner: User | None = None, days: float = 14) -> BuyLink:
    """A link to one audit at 100.00 and 19 % tax, good for two weeks, on a deal of its own unless one is given."""
    if deal is None:
        deal = factories.deal(factories.sales_pipeline(f"Sales {next(_numbers)}"), owner=owner)
    products = products or (product(),)
    put_on(deal, *products)
    with transaction():
        return buy_links.make(deal, by=None, expires_at=clock.now() + timedelta(days=days))


def put_on(deal: Opportunity, *products: Product) -> None:
    with transaction():
        for position, each in enumerate(products):
            line = OpportunityLine(opportunity_id=deal.id, product=each, position=position, price=each.price)
            db.session.add(line)


def begun(link: BuyLink, terms: type[Terms] = Terms) -> CheckoutAttempt:
    """An attempt whose session the provider has opened."""
    with transaction():
        attempt = attempts.begin(link, terms())
    with transaction():
        attempts.opened(attempt, said(attempt, status=SessionStatus.OPEN))
    return attempt


def money(
    amount: int = TOTAL,
    *,
    ref: str = "",
    currency: str = "USD",
    state: MoneyState = MoneyState.SUCCEEDED,
    at: datetime | None = None,
) -> Money:
    return Money(ref or f"pay_{next(_numbers)}", amount, currency, state, at or clock.now(), "card")


def said(
    attempt: CheckoutAttempt,
    *payments: Money,
    status: SessionStatus = SessionStatus.COMPLETE,
    is_test: bool | None = None,
    reference: str = "",
    is_free: bool = False,
    subscription_ref: str | None = None,
) -> Session:
    """What the provider says of the attempt's session."""
    return Session(
        ref=attempt.session_ref or f"session_{attempt.id}",
        reference=reference or attempt.key,
        status=status,
        url=f"https://pay.example/{attempt.id}",
        is_test=attempt.is_test if is_test is None else is_test,
        expires_at=attempt.expires_at,
        payments=payments,
        is_free_for_now=is_free,
        subscription_ref=subscription_ref,
    )


def fulfil(attempt: CheckoutAttempt, session: Session) -> CheckoutAttempt:
    with transaction():
        return fulfilment.fulfil(attempt.id, session)


def pay(attempt: CheckoutAttempt, *payments: Money, **more: object) -> list[Payment]:
    """The provider says that these were paid; by default what was asked. The payments as they are now."""
    fulfil(attempt, said(attempt, *(payments or (money(attempt.amount, currency=attempt.currency),)), **more))
    return list(attempt.payments)
