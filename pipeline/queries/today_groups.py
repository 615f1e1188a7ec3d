"""The groups of a day, each as one or two walks along an index: what belongs to it, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    Time,
    bindparam,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from pipeline import clock
from pipeline.domain import access, rotting
from pipeline.domain.rotting import Thresholds
from pipeline.models.activity import Activity
from pipeline.models.base import Instant
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.payment import Payment
from pipeline.models.user import User
from pipeline.queries import anyone, order_sums

DAYS_AHEAD = 7
OFFER_DAYS = timedelta(days=7)
"""For so long it is said of a deal that its offer has expired."""

ENDLESS = time(23, 59, 59, 999999)
"""What has no time of day comes last on its day."""

BEGINNING = datetime.min.replace(tzinfo=UTC)


class Group(StrEnum):
    """In the order in which a day is gone through. Each deal that stands still is in one of the last two."""

    MONEY = "money"
    OVERDUE = "overdue"
    TODAY = "today"
    WOKEN = "woken"
    OFFERS = "offers"
    UPCOMING = "upcoming"
    ROTTING = "rotting"
    NO_STEP = "no-step"
    SOME_DAY = "some-day"


class Mark(NamedTuple):
    """An entry's place in its group. What plays no part there is at its beginning."""

    on: date = date.min
    since: datetime = BEGINNING
    at: time = ENDLESS
    is_deal: int = 0
    id: int = 0

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Where a line belongs that says what it is about and when."""
        is_deal = row.task_id is None
        return cls(
            row.on or date.min,
            row.since or BEGINNING,
            row.at or ENDLESS,
            int(is_deal),
            row.deal_id if is_deal else row.task_id,
        )


TODAY, AHEAD = bindparam("today", type_=Date), bindparam("ahead", type_=Date)
DAY_BEGAN, DAY_ENDS = bindparam("day_began", type_=Instant), bindparam("day_ends", type_=Instant)
NOW, LAPSED = bindparam("now", type_=Instant), bindparam("lapsed", type_=Instant)


def silent_since(days: int) -> BindParameter[datetime]:
    return bindparam(f"silent_for_{days}", type_=Instant)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose day it is: all that its queries depend on, but for who it is and when. That is theirs to be told."""

    person: User = field(compare=False)
    reader: User
    is_of_team: bool
    limits: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, person: User, *, of_team: bool) -> Self:
        limits = tuple(sorted(rotting.thresholds().items()))
        return cls(person, anyone.like(person), of_team and bool(person.managed_group_ids), limits)

    @property
    def thresholds(self) -> Thresholds:
        return dict(self.limits)

    def told(self) -> Mapping[str, int | date | datetime]:
        """Who looks, and the present by their calendar."""
        now, today = clock.now(), clock.today(self.person)
        began = datetime.combine(today, time.min, ZoneInfo(self.person.time_zone))
        silences = {silent_since(days).key: now - timedelta(days=days) for _, days in self.limits}
        days = {"today": today, "ahead": today + timedelta(days=DAYS_AHEAD)}
        begins = {"day_began": began, "day_ends": began + timedelta(days=1)}
        return {**anyone.who(self.person), **silences, **days, **begins, "now": now, "lapsed": now - OFFER_DAYS}

    def doing(self, column: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
        """Whose it is to do: the person's own, or of everyone in the teams they manage."""
        return column.in_(access.members_managed_by(self.reader)) if self.is_of_team else column == self.reader.id


@dataclass(frozen=True, slots=True)
class Arm:
    """What of one kind, tasks or deals, belongs to a group, and its order by some parts of a mark."""

    group: Group
    ids: Select[int]
    order: Mapping[str, Any]

    def top(self, size: int, after: Mark | None = None) -> Select[Any]:
        """Its first ones, as numbers and marks."""
        is_task = self.ids.column_descriptions[0]["entity"] is Activity
        order = {**self.order, "is_deal": literal(int(not is_task), Integer), "id": self.ids.selected_columns[0]}
        at = Activity.due_at if is_task else Opportunity.next_action_at
        top: Select[Any] = self.ids.with_only_columns(
            literal(self.group.value).label("group"),
            (Activity.id if is_task else cast(null(), Integer)).label("task_id"),
            (Activity.opportunity_id if is_task else Opportunity.id).label("deal_id"),
            order.get("on", cast(null(), Date)).label("on"),
            order.get("since", cast(null(), Instant)).label("since"),
            (at if "at" in order else cast(null(), Time)).label("at"),
        )
        if after is not None:
            values = (literal(getattr(after, name), each.type) for name, each in order.items())
            top = top.where(tuple_(*order.values()) > tuple_(*values))
        return top.order_by(*(each for name, each in order.items() if name != "is_deal")).limit(size)


def arms(scope: Scope) -> Sequence[Arm]:
    """All groups of a day."""
    return [
        Arm(Group.MONEY, _money(scope), {"since": Payment.received_at}),
        *_dated(Group.OVERDUE, scope, lambda day: day < TODAY),
        *_dated(Group.TODAY, scope, lambda day: day == TODAY),
        Arm(Group.WOKEN, _deals(scope).where(Opportunity.woke_on.is_not(None)), {"on": Opportunity.woke_on}),
        Arm(Group.OFFERS, _offers(scope), {"since": BuyLink.expires_at}),
        *_dated(Group.UPCOMING, scope, lambda day: (day > TODAY) & (day <= AHEAD)),
        Arm(Group.ROTTING, _still(scope).where(_rots(scope)), {"since": Opportunity.last_contact_at}),
        Arm(Group.NO_STEP, _without_step(scope), {"since": Opportunity.last_contact_at}),
        Arm(Group.SOME_DAY, _tasks(scope).where(Activity.due_on.is_(None)), {}),
    ]


def _dated(group: Group, scope: Scope, falls: Any) -> Sequence[Arm]:
    """The tasks and the next actions whose day falls there."""
    day, at = Activity.due_on, func.coalesce(Activity.due_at, literal(ENDLESS, Time))
    step, hour = Opportunity.next_action_on, func.coalesce(Opportunity.next_action_at, literal(ENDLESS, Time))
    steps = _deals(scope).where(Opportunity.status == Status.OPEN, falls(step))
    return [
        Arm(group, _tasks(scope).where(falls(day)), {"on": day, "at": at}),
        Arm(group, steps, {"on": step, "at": hour}),
    ]


def _tasks(scope: Scope) -> Select[int]:
    """Open ones. Tasks of deals that were deleted wait with them; a manager is shown those of deals they see."""
    tasks = (
        select(Activity.id)
        .outerjoin(Opportunity, Opportunity.id == Activity.opportunity_id)
        .where(
            scope.doing(Activity.assignee_id),
            Activity.done_at.is_(None),
            Activity.deleted_at.is_(None),
            Opportunity.deleted_at.is_(None),
        )
    )
    if not scope.is_of_team:
        return tasks
    return tasks.where(or_(Activity.assignee_id == scope.reader.id, access.visible_opportunities(scope.reader)))


def _deals(scope: Scope) -> Select[int]:
    return select(Opportunity.id).where(scope.doing(Opportunity.owner_id), Opportunity.deleted_at.is_(None))


def _money(scope: Scope) -> Select[int]:
    """Deals with money that waits to be kept or given back: one's own; admins decide for those that nobody owns.

    The owner is asked for as a sum, which no index knows, so that the database begins with the few payments.
    """
    first = select(func.min(Payment.id)).where(*order_sums.waits()).group_by(Payment.opportunity_id).correlate(None)
    decides = scope.doing(Opportunity.owner_id + 0)
    if scope.reader.is_admin:
        decides = or_(decides, Opportunity.owner_id.is_(None))
    return (
        select(Opportunity.id)
        .join(Payment, Payment.opportunity_id == Opportunity.id)
        .where(decides, Opportunity.deleted_at.is_(None), Payment.id.in_(first))
    )


def _offers(scope: Scope) -> Select[int]:
    """Open deals whose last buy-now link expires by the end of the day, or did so lately, and has not been followed."""
    newer = aliased(BuyLink)
    last = select(func.max(newer.id)).where(newer.opportunity_id == BuyLink.opportunity_id).scalar_subquery()
    return (
        _deals(scope)
        .join(BuyLink, BuyLink.opportunity_id == Opportunity.id)
        .where(
            Opportunity.status == Status.OPEN,
            BuyLink.state.in_((LinkState.ACTIVE, LinkState.EXPIRED)),
            BuyLink.expires_at > LAPSED,
            BuyLink.expires_at < DAY_ENDS,
            BuyLink.id == last,
        )
    )


def _still(scope: Scope) -> Select[int]:
    """Open deals that nothing else on this page calls for. The few that woke are found by themselves, so that all that
    is asked of the others stands in one index.
    """
    other = aliased(Opportunity)
    woken = select(other.id).where(scope.doing(other.owner_id), other.woke_on.is_not(None))
    return _deals(scope).where(Opportunity.status == Status.OPEN, Opportunity.id.not_in(woken))


def _rots(scope: Scope) -> ColumnElement[bool]:
    return rotting.has_rotted(scope.thresholds, silent_since, TODAY)


def _without_step(scope: Scope) -> Select[int]:
    """Deals in a working stage for which nothing is planned, not even when to wake; those that rot are told apart.

    What was silent for longer than any pipeline bears has rotted: the index is read from there on.
    """
    return _still(scope).where(
        Opportunity.stage_id.in_(list(scope.thresholds)),
        Opportunity.planned_until.is_(None),
        Opportunity.wake_on.is_(None),
        not_(_rots(scope)),
        *_lately(scope),
    )


def _lately(scope: Scope) -> Sequence[ColumnElement[bool]]:
    borne = [days for _, days in scope.limits]
    return [Opportunity.last_contact_at > silent_since(max(borne))] if borne and all(borne) else []
