"""One order with all that its page and its receipt show, in four queries, however much that is."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from pipeline.domain import access, pricing
from pipeline.domain.pricing import TaxAtRate
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.order import Order
from pipeline.models.payment import Payment, Refund, RefundState
from pipeline.models.user import User

WHOLE = (
    joinedload(Order.opportunity),
    joinedload(Order.placed_by).lazyload(User.memberships),
    joinedload(Order.link).joinedload(BuyLink.skin),
    selectinload(Order.lines),
    selectinload(Order.payments).joinedload(Payment.attempt),
    selectinload(Order.payments).joinedload(Payment.recorded_by).lazyload(User.memberships),
    selectinload(Order.payments).selectinload(Payment.refunds).joinedload(Refund.by).lazyload(User.memberships),
)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """`refusal` says why the reader may not change it; `may_decide`, whether they may keep money or give it back."""

    order: Order
    refusal: str | None
    may_decide: bool

    @property
    def may_edit(self) -> bool:
        return self.refusal is None

    @property
    def taxes(self) -> list[TaxAtRate]:
        return pricing.taxes(self.order.lines)

    @property
    def is_deal_gone(self) -> bool:
        return self.order.opportunity.deleted_at is not None

    @property
    def is_under_way(self) -> bool:
        """Whether money is just being given back."""
        return any(refund.state is RefundState.WAITING for pay in self.order.payments for refund in pay.refunds)


def whole(number: int, *, to: User) -> OrderPage:
    """The order of that number, if the person may see its deal."""
    found = db.session.execute(
        select(Order, access.editable_opportunities(to), access.transferable_opportunities(to))
        .join(Order.opportunity)
        .where(Order.number == number, access.visible_opportunities(to))
        .options(*WHOLE)
    ).one_or_none()
    if found is None:
        raise NotVisible("order")
    order, may_edit, may_decide = found
    refusal = access.why_not(order.opportunity, by=to, may_edit=may_edit)
    if order.opportunity.deleted_at is not None:
        refusal = "Its deal was deleted. Restore the deal to change the order."
    return OrderPage(order, refusal, may_decide)


def found_by(which: ColumnElement[bool]) -> Order | None:
    """An order for whoever holds its address, with what its receipt shows."""
    return db.session.scalar(select(Order).where(which).options(*WHOLE))
