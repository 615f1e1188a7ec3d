"""Orders of the demo that were placed by hand, for deals that were won: paid, paid in part, not paid, or given back."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import exists, select

from pipeline import clock
from pipeline.demo.life import Act, Setting
from pipeline.domain import offline_payments, orders
from pipeline.domain.offline_payments import Method
from pipeline.domain.paying import refunds
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order

Tale = tuple[tuple[float, str], ...]

PAID: Tale = ((0, "place"), (-6.2, "pay"))
IN_PART: Tale = ((0, "place"), (-4.1, "pay_half"))
REFUNDED: Tale = ((0, "place"), (-1.3, "pay"), (-5.4, "give_back"))
UNPAID: Tale = ((0, "place"),)
TALES = ((61.2, PAID), (48.4, PAID), (33.3, REFUNDED), (24.1, PAID), (16.2, IN_PART), (6.4, UNPAID))
"""How many days ago each began."""


def acts(setting: Setting) -> Iterator[Act]:
    for days, tale in TALES:
        sale = Sale()
        yield from ((setting.present - timedelta(days=days + later), sale.act(verb)) for later, verb in tale)


class Sale:
    """The order of a deal that was won and has none yet."""

    def __init__(self) -> None:
        self.order: Order | None = None

    def act(self, verb: str) -> Callable[[], None]:
        def do() -> None:
            if verb == "place":
                self.place()
            elif self.order is not None:
                getattr(self, verb)(self.order)

        return do

    def place(self) -> None:
        ordered = exists().where(Order.opportunity_id == Opportunity.id)
        won = select(Opportunity).where(
            Opportunity.status == Status.WON, Opportunity.lines_total.is_not(None), Opportunity.owner_id.is_not(None)
        )
        deal = db.session.scalars(won.where(~ordered).order_by(Opportunity.closed_at.desc()).limit(1)).first()
        if deal is not None:
            self.order = orders.place_by_hand(deal, by=deal.owner, note="Invoiced, 14 days net.")

    def pay(self, order: Order) -> None:
        self._receive(order, order.total, Method.TRANSFER)

    def pay_half(self, order: Order) -> None:
        self._receive(order, order.total // 2, Method.CHEQUE)

    def give_back(self, order: Order) -> None:
        by = order.opportunity.owner
        refunds.ask(order.payments[0], order.total, reason="They closed the branch we worked for.", by=by)

    def _receive(self, order: Order, amount: int, method: Method) -> None:
        by = order.opportunity.owner
        offline_payments.record(order, amount, received_on=clock.today(by), method=method, by=by)
