"""One opportunity with everything its page shows, to one person: in three queries, however much that is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.domain.pricing import Price
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries import anyone, buy_links, record_parts, timeline
from pipeline.queries.built import Built
from pipeline.queries.buy_links import Offers
from pipeline.queries.next_action import first
from pipeline.queries.record_orders import Sold
from pipeline.queries.record_parts import (
    FollowedBy,
    Item,
    LineThere,
    Moved,
    OtherDeal,
    Parts,
    SharedWith,
    StageThere,
    Tick,
    WaitingStep,
    WornTag,
)
from pipeline.queries.timeline import TimelinePage

MOST_TASKS = 60
MOST_TAGS = 200

WHOLE = (
    joinedload(Opportunity.contact).joinedload(Contact.company),
    joinedload(Opportunity.owner).lazyload(User.memberships),
    joinedload(Opportunity.stage),
    joinedload(Opportunity.pipeline),
    joinedload(Opportunity.source),
    joinedload(Opportunity.reason),
)
WHICH = bindparam("opportunity", type_=Integer)
TASKS = (
    select(Activity)
    .options(joinedload(Activity.assignee).lazyload(User.memberships))
    .where(Activity.opportunity_id == WHICH, Activity.deleted_at.is_(None))
    .order_by(
        Activity.done_at.is_not(None),
        Activity.done_at.desc(),
        Activity.due_on.is_(None),
        Activity.due_on,
        Activity.due_at.is_(None),
        Activity.due_at,
        Activity.id,
    )
    .limit(MOST_TASKS)
)
_FOUND: Built[Select[*tuple[Any, ...]]] = Built()


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage, by the name the stage had then."""

    stage_id: int
    stage: str
    since: datetime
    until: datetime | None
    days: int
    mover: str


@dataclass(frozen=True, slots=True)
class StageOnBar:
    """A stage of the pipeline as the bar across the top shows it. `days` counts all stays in it."""

    id: int
    name: str
    kind: str
    colour: str
    days: int | None
    is_here: bool
    is_over_target: bool


@dataclass(frozen=True, slots=True)
class ListedItem:
    item: Item
    tick: Tick | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`refusal` says why the person who reads may not change it; `None` when they may."""

    opportunity: Opportunity
    refusal: str | None
    may_hand_over: bool
    may_delete: bool
    stages: list[StageOnBar]
    history: list[Stay]
    checklist: list[ListedItem]
    earlier_ticks: list[Tick]
    tags: list[WornTag]
    products: list[str]
    lines: list[LineThere]
    shares: list[SharedWith]
    followers: list[FollowedBy]
    people: list[tuple[int, str]]
    tasks: list[Activity]
    done_tasks: list[Activity]
    pending: list[WaitingStep]
    others: list[OtherDeal]
    offers: Offers
    sold: Sold
    timeline: TimelinePage

    @property
    def may_edit(self) -> bool:
        return self.refusal is None

    @property
    def earlier_task(self) -> Activity | None:
        """The task that is due before the next action, or has a day where that has none."""
        days = [task for task in self.tasks if task.due_on is not None]
        by = self.opportunity.next_action_on
        return days[0] if days and first(days[0].due_on, by) != by else None

    @property
    def lines_price(self) -> Price:
        """What its lines come to, a subscription counted with one payment."""
        return sum((line.price for line in self.lines), Price(0))


def whole(opportunity_id: int, *, to: User, before: int | None = None) -> RecordPage:
    """Everything about one opportunity, if this person may see it; its timeline from the entry `before` on."""
    opportunity, may_edit, may_hand_over, parts, offers = _found(opportunity_id, to)
    refusal = access.why_not(opportunity, by=to, may_edit=may_edit)
    history = _stays(parts.moves, opportunity)
    tasks = _tasks(opportunity)
    return RecordPage(
        opportunity=opportunity,
        refusal=refusal,
        may_hand_over=refusal is None and may_hand_over,
        may_delete=refusal is None and access.can(to, Permission.OPPORTUNITY_DELETE),
        stages=_bar(parts.stages, opportunity, history),
        history=history[::-1],
        checklist=_checklist(parts),
        earlier_ticks=_earlier_ticks(parts),
        tags=parts.tags,
        products=parts.products,
        lines=parts.lines,
        shares=parts.shares,
        followers=parts.followers,
        people=parts.people,
        tasks=[task for task in tasks if not task.is_done],
        done_tasks=[task for task in tasks if task.is_done],
        pending=parts.pending,
        others=parts.others,
        offers=offers,
        sold=parts.sold,
        timeline=timeline.page(opportunity, to=to, before=before),
    )


def other_tags(opportunity: Opportunity) -> list[str]:
    """The names of tags it does not wear."""
    worn = [tag.id for tag in opportunity.tags]
    return list(db.session.scalars(select(Tag.name).where(Tag.id.not_in(worn)).order_by(Tag.name).limit(MOST_TAGS)))


def _found(opportunity_id: int, to: User) -> tuple[Opportunity, bool, bool, Parts, Offers]:
    """The row, what the person may do with it, and what hangs on it."""
    reader = anyone.like(to)
    statement = _FOUND.of(reader, lambda: _as_seen(reader))
    found = db.session.execute(statement, {WHICH.key: opportunity_id, **anyone.who(to)}).one_or_none()
    if found is None:
        raise NotVisible("opportunity")
    opportunity, may_edit, may_hand_over, *parts = found
    offers, parts = buy_links.read(opportunity, parts[: buy_links.LISTS]), parts[buy_links.LISTS :]
    return opportunity, may_edit, may_hand_over, record_parts.read(parts), offers


def _as_seen(to: User) -> Select[*tuple[Any, ...]]:
    """The row with all its lists: what takes long to build, and is the same for all who see alike."""
    return (
        select(
            Opportunity,
            access.editable_opportunities(to),
            access.transferable_opportunities(to),
            *buy_links.columns(WHICH),
            *record_parts.columns(WHICH, to=to),
        )
        .where(Opportunity.id == WHICH, access.visible_opportunities(to), Opportunity.deleted_at.is_(None))
        .options(*WHOLE)
    )


def _stays(moves: list[Moved], opportunity: Opportunity) -> list[Stay]:
    """One stay a move, oldest first; the last one lasts until it was closed, or until now."""
    ends = [*(move.at for move in moves[1:]), opportunity.closed_at]
    return [_stay(move, until) for move, until in zip(moves, ends, strict=False)]


def _stay(move: Moved, until: datetime | None) -> Stay:
    days = max(((until or clock.now()) - move.at).days, 0)
    return Stay(move.stage_id, move.stage, move.at, until, days, move.mover)


def _bar(stages: list[StageThere], opportunity: Opportunity, history: list[Stay]) -> list[StageOnBar]:
    days: dict[int, int] = {}
    for stay in history:
        days[stay.stage_id] = days.get(stay.stage_id, 0) + stay.days
    return [_on_bar(stage, opportunity, days.get(stage.id)) for stage in stages]


def _on_bar(stage: StageThere, opportunity: Opportunity, days: int | None) -> StageOnBar:
    is_here = stage.id == opportunity.stage_id
    stood = (clock.now() - opportunity.entered_stage_at).days
    is_over = is_here and opportunity.is_open and 0 < stage.target_days < stood
    return StageOnBar(stage.id, stage.name, stage.kind, stage.colour, days, is_here, is_over)


def _checklist(parts: Parts) -> list[ListedItem]:
    ticks = {tick.item_id: tick for tick in parts.ticks}
    return [ListedItem(item, ticks.get(item.id)) for item in parts.items]


def _earlier_ticks(parts: Parts) -> list[Tick]:
    """Ticks of other stages, and of items that were dropped since: newest first."""
    present = {item.id for item in parts.items}
    earlier = [tick for tick in parts.ticks if tick.item_id not in present]
    return sorted(earlier, key=lambda tick: tick.at, reverse=True)


def _tasks(opportunity: Opportunity) -> list[Activity]:
    """What is to be done, soonest first, then what was done, latest first."""
    return list(db.session.scalars(TASKS, {WHICH.key: opportunity.id}))
