"""What is sold, to test with: lines, offers, orders and money, as rows, each written in a transaction of its own."""

from datetime import timedelta
from hashlib import sha256
from itertools import count
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import delete, insert, select

from pipeline import clock
from pipeline.domain import orders, pricing, snapshots
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkLine, LinkState
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.models.payment import (
    AttemptState,
    CheckoutAttempt,
    Payment,
    PaymentFlag,
    PaymentState,
    Provider,
    Refund,
    RefundState,
)
from pipeline.models.product import Product
from pipeline.transaction import transaction

_numbers = count(1)


def product(name: str = "", *, price: int = 10_000, currency: str = "USD", **known: Any) -> Product:
    with transaction():
        made = Product(name=name or f"Product {next(_numbers)}", price=price, currency=currency, **known)
        db.session.add(made)
    return made


def line(deal: Opportunity, name: str = "", *, price: int = 10_000, quantity: int = 1, **known: Any) -> OpportunityLine:
    """A line of a new product on a deal, in the deal's currency. `known` is about the product, or the discount."""
    discount = known.pop("discount", 0)
    sold = product(name, price=price, currency=deal.currency, **known)
    with transaction():
        made = OpportunityLine(
            opportunity_id=deal.id,
            product=sold,
            position=next(_numbers),
            quantity=quantity,
            price=price,
            discount=discount,
        )
        db.session.add(made)
    return made


def link(deal: Opportunity, *lines: OpportunityLine, state: LinkState = LinkState.ACTIVE, **known: Any) -> BuyLink:
    """An offer of these lines, else of one new line."""
    offered = [LinkLine(**snapshots.of(each)) for each in lines or (line(deal),)]
    price, token, present = pricing.total(offered), token_urlsafe(24), clock.now()
    with transaction():
        made = BuyLink(
            opportunity_id=deal.id,
            state=state,
            token=token,
            token_hash=sha256(token.encode()).hexdigest(),
            currency=deal.currency,
            net=price.net,
            tax=price.tax,
            created_at=present,
            published_at=present,
            expires_at=known.pop("expires_at", present + timedelta(days=14)),
            lines=offered,
            **known,
        )
        db.session.add(made)
    return made


def order(deal: Opportunity, *, price: int = 10_000, tax_rate: int = 0, note: str = "") -> Order:
    """An order placed by hand, of one new line instead of those the deal had."""
    with transaction():
        db.session.execute(delete(OpportunityLine).where(OpportunityLine.opportunity_id == deal.id))
    line(deal, price=price, tax_rate=tax_rate)
    with transaction():
        return orders.place_by_hand(deal, by=None, note=note)


def order_of(link: BuyLink) -> Order:
    """What was bought through a link."""
    return db.session.scalars(select(Order).where(Order.link_id == link.id)).one()


def many_orders(deal: Opportunity, count: int) -> None:
    """So many orders of 100.00 without lines, written at once: for tests of size."""
    with transaction():
        rows = [
            {
                "number": orders.next_number(),
                "opportunity_id": deal.id,
                "contact_id": deal.contact_id,
                "token": token_urlsafe(24),
                "buyer_name": "Ana Lima",
                "currency": deal.currency,
                "net": 10_000,
                "placed_at": clock.now(),
            }
            for _ in range(count)
        ]
        db.session.execute(insert(Order), rows)


def attempt(link: BuyLink) -> CheckoutAttempt:
    """One in which the link was paid."""
    present = clock.now()
    with transaction():
        made = CheckoutAttempt(
            link_id=link.id,
            provider=Provider.SANDBOX,
            key=token_urlsafe(12),
            state=AttemptState.PAID,
            amount=link.total,
            currency=link.currency,
            opened_at=present,
            checked_at=present,
        )
        db.session.add(made)
    return made


def payment(
    of: Order | Opportunity,
    amount: int = 10_000,
    *,
    provider: Provider = Provider.SANDBOX,
    state: PaymentState = PaymentState.SUCCEEDED,
    flag: PaymentFlag = PaymentFlag.NORMAL,
    currency: str | None = None,
    **known: Any,
) -> Payment:
    """Money that came for an order, or for a deal that has none."""
    is_order = isinstance(of, Order)
    with transaction():
        made = Payment(
            opportunity_id=of.opportunity_id if is_order else of.id,
            order_id=of.id if is_order else None,
            provider=provider,
            payment_ref=f"pay_{next(_numbers)}",
            state=state,
            flag=flag,
            amount=amount,
            currency=currency or of.currency,
            received_at=known.pop("received_at", clock.now()),
            **known,
        )
        db.session.add(made)
    return made


def refund(payment: Payment, amount: int | None = None, *, state: RefundState = RefundState.DONE) -> Refund:
    with transaction():
        made = Refund(
            payment_id=payment.id,
            amount=amount or payment.amount,
            state=state,
            key=f"refund_{next(_numbers)}",
            created_at=clock.now(),
        )
        db.session.add(made)
    return made
