"""The buy-now links of a deal as its record shows them, each with what came of it: part of its page's query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, select

from pipeline import clock
from pipeline.domain import addresses
from pipeline.domain.buying_facts import BuyLinkClicked, FreshLinkWanted
from pipeline.models.buy_link import BuyLink, LinkQuestion, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.payment import CheckoutAttempt, Payment
from pipeline.models.user import User
from pipeline.queries.gathering import OneId, Rows, gathered, moment

MOST_LINKS = 20
MOST_TRACES = 60
LISTS = 5
TOLD = {BuyLinkClicked.kind(): "click", FreshLinkWanted.kind(): "wish"}
"""What is known of a link by the history alone."""

IN_ORDER = ("click", "attempt", "payment", "question", "wish")
"""What came first, of what happened at the same moment."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that came of a link: a click, an attempt to pay, a payment, a question or the wish for a fresh one."""

    kind: str
    at: datetime
    text: str = ""
    state: str = ""
    flag: str = ""
    amount: int = 0
    currency: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class ShownLink:
    """`state` is what a prospect finds: past its expiry it is expired, whether a worker has seen to it or not."""

    id: int
    state: LinkState
    token: str
    currency: str
    net: int
    tax: int
    expires_at: datetime
    clicks: int
    created_at: datetime
    ended_at: datetime | None
    made_by: str
    seen_by: str
    """The token of the address at which prospects see it: a draft at the one whose place it takes."""
    traces: list[Trace] = field(default_factory=list)

    @property
    def address(self) -> str:
        return addresses.absolute(f"/buy/{self.token}")

    @property
    def preview(self) -> str:
        return addresses.absolute(f"/buy/{self.seen_by}")

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def may_extend(self) -> bool:
        return self.state.is_open or self.state is LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class Offers:
    """`last` is the link that counts: the open one, else the newest. `may_make`: whether a fresh one can be made."""

    last: ShownLink | None
    older: list[ShownLink]
    may_make: bool

    @property
    def has_any(self) -> bool:
        return self.last is not None or self.may_make


def columns(opportunity_id: OneId) -> list[ScalarSelect[Rows]]:
    """What `read` makes its offers of."""
    return [
        gathered(rows)
        for rows in (
            _links(opportunity_id),
            _questions(opportunity_id),
            _attempts(opportunity_id),
            _payments(opportunity_id),
            _events(opportunity_id),
        )
    ]


def read(opportunity: Opportunity, found: list[Rows]) -> Offers:
    """The links of a deal from what those columns held."""
    links, questions, attempts, payments, events = found
    traces: dict[int, list[Trace]] = {}
    for link_id, trace in (
        *((link_id, Trace("question", moment(at), text=text)) for link_id, at, text in questions),
        *((row[0], _attempt(row)) for row in attempts),
        *((row[0], _payment(row)) for row in payments),
        *((link_id, Trace(TOLD[kind], moment(at))) for link_id, at, kind in events),
    ):
        traces.setdefault(link_id, []).append(trace)
    before = {row[-1]: row[2] for row in links if row[-1]}
    present = clock.now()
    shown = sorted(
        (_shown(row[:-1], before, traces, present) for row in links), key=lambda link: (link.state.is_open, link.id)
    )
    may_make = opportunity.is_open and opportunity.pipeline.archived_at is None and opportunity.lines_total is not None
    return Offers(shown[-1] if shown else None, shown[-2::-1], may_make)


def _shown(
    row: list[Any], before: Mapping[int, str], traces: Mapping[int, list[Trace]], present: datetime
) -> ShownLink:
    id_, state, token, currency, net, tax, expires_at, clicks, created_at, ended_at, made_by = row
    ends = moment(expires_at)
    link = ShownLink(
        id=id_,
        state=LinkState(state),
        token=token,
        currency=currency,
        net=net,
        tax=tax,
        expires_at=ends,
        clicks=clicks,
        created_at=moment(created_at),
        ended_at=moment(ended_at) if ended_at else None,
        made_by=made_by or "",
        seen_by=before.get(id_, token) if state == LinkState.DRAFT else token,
        traces=sorted(traces.get(id_, []), key=_place, reverse=True),
    )
    return replace(link, state=LinkState.EXPIRED) if link.state is LinkState.ACTIVE and ends <= present else link


def _place(trace: Trace) -> tuple[datetime, int]:
    return trace.at, IN_ORDER.index(trace.kind)


def _attempt(row: list[Any]) -> Trace:
    _, at, state, provider, amount, currency, error = row
    return Trace("attempt", moment(at), error or "", state, amount=amount, currency=currency, provider=provider)


def _payment(row: list[Any]) -> Trace:
    _, at, state, provider, amount, currency, flag = row
    return Trace("payment", moment(at), "", state, flag, amount, currency, provider)


def _links(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    return (
        select(
            BuyLink.id,
            BuyLink.state,
            BuyLink.token,
            BuyLink.currency,
            BuyLink.net,
            BuyLink.tax,
            BuyLink.expires_at,
            BuyLink.clicks,
            BuyLink.created_at,
            BuyLink.ended_at,
            User.name,
            BuyLink.successor_id,
        )
        .outerjoin(User, User.id == BuyLink.created_by_id)
        .where(BuyLink.opportunity_id == opportunity_id)
        .order_by(BuyLink.id.desc())
        .limit(MOST_LINKS)
    )


def _questions(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    return (
        select(LinkQuestion.link_id, LinkQuestion.asked_at, LinkQuestion.text)
        .where(LinkQuestion.opportunity_id == opportunity_id)
        .order_by(LinkQuestion.id.desc())
        .limit(MOST_TRACES)
    )


def _attempts(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    its = CheckoutAttempt
    return (
        select(its.link_id, its.opened_at, its.state, its.provider, its.amount, its.currency, its.error)
        .join(BuyLink, BuyLink.id == its.link_id)
        .where(BuyLink.opportunity_id == opportunity_id)
        .order_by(its.id.desc())
        .limit(MOST_TRACES)
    )


def _payments(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    """Those that came by a link; what was written down by hand belongs to its order."""
    its = Payment
    return (
        select(its.link_id, its.received_at, its.state, its.provider, its.amount, its.currency, its.flag)
        .where(its.opportunity_id == opportunity_id, its.link_id.is_not(None))
        .order_by(its.id.desc())
        .limit(MOST_TRACES)
    )


def _events(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    link_id = Event.particulars["link_id"].as_integer().label("link_id")
    return (
        select(link_id, Event.happened_at, Event.kind)
        .where(Event.opportunity_id == opportunity_id, Event.kind.in_(TOLD))
        .order_by(Event.id.desc())
        .limit(MOST_TRACES)
    )
