"""The list of orders: those of deals a person may see, the newest first, and what they come to by currency.

Pages go by number: the next one begins below the last shown, however many are placed meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select

from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.folding import contains
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order, OrderState
from pipeline.models.payment import Payment, PaymentState
from pipeline.models.user import User
from pipeline.queries import order_sums, reading
from pipeline.queries.filters import NO_SEARCH
from pipeline.queries.ranges import in_order

PAGE = 50
BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What a URL asks for; days are the reader's, both included."""

    text: str = ""
    state: OrderState | None = None
    start: date | None = None
    end: date | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Wanted":
        state = asked.get("state", "")
        return cls(
            reading.text(asked, "q"),
            OrderState(state) if state in set(OrderState) else None,
            *in_order(reading.day(asked, "from"), reading.day(asked, "to")),
        )

    def query(self) -> dict[str, str]:
        days = {"from": self.start and self.start.isoformat(), "to": self.end and self.end.isoformat()}
        asked = {"q": self.text, "state": self.state and str(self.state), **days}
        return {name: word for name, word in asked.items() if word}


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    placed_at: datetime
    buyer_name: str
    buyer_email: str
    deal_id: int
    deal: str
    is_deal_gone: bool
    is_by_hand: bool
    is_pending: bool
    currency: str
    total: int
    received: int
    refunded: int

    @property
    def state(self) -> OrderState:
        return OrderState.of(self.total, self.received, self.refunded)

    @property
    def balance(self) -> int:
        return 0 if self.state.is_settled else self.total - (self.received - self.refunded)


@dataclass(frozen=True, slots=True)
class Total:
    """What all that is listed comes to in one currency: ordered, kept of what came, and still to be paid."""

    currency: str
    count: int
    ordered: int
    kept: int
    due: int


@dataclass(frozen=True, slots=True)
class Listed:
    lines: Sequence[Line]
    totals: Sequence[Total]
    below: int | None

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)


def listed(wanted: Wanted, *, seen_by: User, below: int | None = None) -> Listed:
    """A page of the list in two queries, with the totals of all of it."""
    figures = _figures(wanted, seen_by)
    lines = _lines(figures, wanted, below, PAGE + 1)
    return Listed(lines[:PAGE], _totals(figures, wanted), lines[PAGE - 1].number if len(lines) > PAGE else None)


def every_line(wanted: Wanted, *, seen_by: User) -> Iterator[Line]:
    """All of them, some at a time."""
    figures, below = _figures(wanted, seen_by), None
    while lines := _lines(figures, wanted, below, BATCH):
        yield from lines
        below = lines[-1].number


def _lines(figures: Subquery, wanted: Wanted, below: int | None, count: int) -> list[Line]:
    pending = select(Payment.id).where(Payment.order_id == Order.id, Payment.state == PaymentState.PENDING).exists()
    rows = (
        select(
            Order.number,
            Order.placed_at,
            Order.buyer_name,
            Order.buyer_email,
            Order.opportunity_id.label("deal_id"),
            Opportunity.title.label("deal"),
            Opportunity.deleted_at.is_not(None).label("is_deal_gone"),
            Order.link_id.is_(None).label("is_by_hand"),
            pending.label("is_pending"),
            Order.currency,
            figures.c.total,
            figures.c.received,
            figures.c.refunded,
        )
        .join(figures, figures.c.id == Order.id)
        .join(Order.opportunity)
        .order_by(Order.number.desc())
        .limit(count)
    )
    if below is not None:
        rows = rows.where(Order.number < below)
    return [Line(**row._mapping) for row in db.session.execute(_in_state(rows, figures, wanted))]


def _totals(figures: Subquery, wanted: Wanted) -> list[Total]:
    shown = figures.c
    kept = shown.received - shown.refunded
    is_due = (shown.received < shown.total) & ~order_sums.is_in(OrderState.REFUNDED, shown)
    due = case((is_due & (kept < shown.total), shown.total - kept), else_=0)
    sums = select(shown.currency, func.count(), func.sum(shown.total), func.sum(kept), func.sum(due))
    found = db.session.execute(_in_state(sums.group_by(shown.currency).order_by(shown.currency), figures, wanted))
    return [Total(currency, *map(int, numbers)) for currency, *numbers in found]


def _in_state(rows: Select[*tuple[Any, ...]], figures: Subquery, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return rows if wanted.state is None else rows.where(order_sums.is_in(wanted.state, figures.c))


def _figures(wanted: Wanted, person: User) -> Subquery:
    """The orders wanted, whatever their state, with the figures that tell it."""
    return (
        select(
            Order.id,
            Order.currency,
            (Order.net + Order.tax).label("total"),
            order_sums.received().label("received"),
            order_sums.refunded().label("refunded"),
        )
        .join(Order.opportunity)
        .where(access.visible_opportunities(person), *_conditions(wanted, person))
        .subquery()
    )


def _conditions(wanted: Wanted, person: User) -> Iterator[ColumnElement[bool]]:
    if wanted.start:
        yield Order.placed_at >= _midnight(wanted.start, person)
    if wanted.end:
        yield Order.placed_at < _midnight(wanted.end + timedelta(days=1), person)
    if wanted.text:
        access.refuse_unless(person, Permission.SEARCH, NO_SEARCH)
        yield _saying(wanted.text)


def _saying(text: str) -> ColumnElement[bool]:
    """By number, buyer or deal."""
    number = text.lstrip("#")
    if number.isascii() and number.isdecimal() and int(number[:12]) <= reading.LARGEST_ID:
        return Order.number == int(number)
    return contains(Order.buyer_name, text) | contains(Order.buyer_email, text) | contains(Opportunity.title, text)


def _midnight(day: date, person: User) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(person.time_zone)).astimezone(UTC)
