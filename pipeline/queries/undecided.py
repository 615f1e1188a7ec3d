"""Money that came late, twice or not as asked, and waits for a person to keep it or give it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.models.payment import CheckoutAttempt, Payment, PaymentFlag, Provider
from pipeline.models.user import User
from pipeline.queries import order_sums

MOST = 50


@dataclass(frozen=True, slots=True)
class Undecided:
    """A payment, and what it came for; the order is none where nothing was to be paid."""

    id: int
    amount: int
    currency: str
    flag: PaymentFlag
    remark: str
    provider: Provider
    is_test: bool
    received_at: datetime
    deal_id: int
    deal: str
    is_deal_gone: bool
    order: int | None
    unknown_refund: int | None


def listed(*, to: User) -> list[Undecided]:
    """What this person may decide, the longest waiting first."""
    rows = (
        select(
            Payment.id,
            Payment.amount,
            Payment.currency,
            Payment.flag,
            Payment.remark,
            Payment.provider,
            or_(CheckoutAttempt.is_test.is_(True), Payment.provider == Provider.SANDBOX).label("is_test"),
            Payment.received_at,
            Payment.opportunity_id.label("deal_id"),
            Opportunity.title.label("deal"),
            Opportunity.deleted_at.is_not(None).label("is_deal_gone"),
            Order.number.label("order"),
            order_sums.unknown_refund().label("unknown_refund"),
        )
        .join(Payment.opportunity)
        .outerjoin(Payment.attempt)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(
            *order_sums.waits(),
            access.visible_opportunities(to),
            access.transferable_opportunities(to),
        )
        .order_by(Payment.id)
        .limit(MOST)
    )
    return [Undecided(**row._mapping) for row in db.session.execute(rows)]
