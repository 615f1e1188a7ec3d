"""One opportunity with everything its page shows, to one person: in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from pipeline import clock
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import Run, Step, StepState
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import ChecklistTick, Opportunity, Share, StageMove
from pipeline.models.pipeline import ChecklistItem, Colour, Pipeline, Stage, StageKind
from pipeline.models.user import User
from pipeline.queries import timeline
from pipeline.queries.timeline import TimelinePage

MOST_TASKS = 60
MOST_OTHERS = 5
MOST_TAGS = 200

WHOLE: tuple[ORMOption, ...] = (
    joinedload(Opportunity.contact).joinedload(Contact.company),
    joinedload(Opportunity.owner).lazyload(User.memberships),
    joinedload(Opportunity.source),
    joinedload(Opportunity.reason),
    joinedload(Opportunity.tags),
    joinedload(Opportunity.products),
    joinedload(Opportunity.pipeline).selectinload(Pipeline.all_stages).joinedload(Stage.all_items),
    selectinload(Opportunity.shares).joinedload(Share.user).lazyload(User.memberships),
    selectinload(Opportunity.moves).joinedload(StageMove.mover).lazyload(User.memberships),
    selectinload(Opportunity.ticks).joinedload(ChecklistTick.ticked_by).lazyload(User.memberships),
)


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
    kind: StageKind
    colour: Colour
    days: int | None
    is_here: bool
    is_over_target: bool


@dataclass(frozen=True, slots=True)
class ListedItem:
    item: ChecklistItem
    tick: ChecklistTick | None


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
    earlier_ticks: list[ChecklistTick]
    tasks: list[Activity]
    done_tasks: list[Activity]
    pending: list[Step]
    others: list[Opportunity]
    timeline: TimelinePage

    @property
    def may_edit(self) -> bool:
        return self.refusal is None


def whole(opportunity_id: int, *, to: User, before: int | None = None) -> RecordPage:
    """Everything about one opportunity, if this person may see it; its timeline from the entry `before` on."""
    opportunity = access.opportunity(opportunity_id, to=to, options=WHOLE)
    refusal = access.why_not_editable(opportunity, by=to)
    history = _stays(opportunity)
    tasks = _tasks(opportunity)
    return RecordPage(
        opportunity=opportunity,
        refusal=refusal,
        may_hand_over=refusal is None and access.may_hand_over(to, opportunity),
        may_delete=refusal is None and access.can(to, Permission.OPPORTUNITY_DELETE),
        stages=_bar(opportunity, history),
        history=history[::-1],
        checklist=_checklist(opportunity),
        earlier_ticks=_earlier_ticks(opportunity),
        tasks=[task for task in tasks if not task.is_done],
        done_tasks=[task for task in tasks if task.is_done],
        pending=_pending(opportunity),
        others=_others(opportunity, to),
        timeline=timeline.page(opportunity, to=to, before=before),
    )


def other_tags(opportunity: Opportunity) -> list[str]:
    """The names of tags it does not wear."""
    worn = [tag.id for tag in opportunity.tags]
    return list(db.session.scalars(select(Tag.name).where(Tag.id.not_in(worn)).order_by(Tag.name).limit(MOST_TAGS)))


def _stays(opportunity: Opportunity) -> list[Stay]:
    """One stay a move, oldest first; the last one lasts until it was closed, or until now."""
    moves = opportunity.moves
    ends = [*(move.moved_at for move in moves[1:]), opportunity.closed_at]
    return [_stay(move, until) for move, until in zip(moves, ends, strict=False)]


def _stay(move: StageMove, until: datetime | None) -> Stay:
    days = max(((until or clock.now()) - move.moved_at).days, 0)
    return Stay(
        move.target_id, move.target_name, move.moved_at, until, days, move.mover.name if move.mover else "Automation"
    )


def _bar(opportunity: Opportunity, history: list[Stay]) -> list[StageOnBar]:
    days: dict[int, int] = {}
    for stay in history:
        days[stay.stage_id] = days.get(stay.stage_id, 0) + stay.days
    return [_on_bar(stage, opportunity, days.get(stage.id)) for stage in opportunity.pipeline.stages]


def _on_bar(stage: Stage, opportunity: Opportunity, days: int | None) -> StageOnBar:
    is_here = stage.id == opportunity.stage_id
    stood = (clock.now() - opportunity.entered_stage_at).days
    is_over = is_here and opportunity.is_open and 0 < stage.target_days < stood
    return StageOnBar(stage.id, stage.name, stage.kind, stage.colour, days, is_here, is_over)


def _checklist(opportunity: Opportunity) -> list[ListedItem]:
    ticks = {tick.item_id: tick for tick in opportunity.ticks}
    return [ListedItem(item, ticks.get(item.id)) for item in opportunity.stage.checklist]


def _earlier_ticks(opportunity: Opportunity) -> list[ChecklistTick]:
    """Ticks of other stages, and of items that were dropped since: newest first."""
    present = {item.id for item in opportunity.stage.checklist}
    earlier = [tick for tick in opportunity.ticks if tick.item_id not in present]
    return sorted(earlier, key=lambda tick: tick.ticked_at, reverse=True)


def _tasks(opportunity: Opportunity) -> list[Activity]:
    """What is to be done, soonest first, then what was done, latest first."""
    return list(
        db.session.scalars(
            select(Activity)
            .options(joinedload(Activity.assignee).lazyload(User.memberships))
            .where(Activity.opportunity_id == opportunity.id, Activity.deleted_at.is_(None))
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
    )


def _pending(opportunity: Opportunity) -> list[Step]:
    """What automations still have before them here, soonest first."""
    return list(
        db.session.scalars(
            select(Step)
            .join(Step.run)
            .options(joinedload(Step.run).joinedload(Run.automation))
            .where(Run.opportunity_id == opportunity.id, Step.state == StepState.WAITING)
            .order_by(Step.due_at, Step.id)
        )
    )


def _others(opportunity: Opportunity, to: User) -> list[Opportunity]:
    """Other opportunities of the same contact, as far as this person may see them."""
    return list(
        db.session.scalars(
            select(Opportunity)
            .where(
                Opportunity.contact_id == opportunity.contact_id,
                Opportunity.id != opportunity.id,
                Opportunity.deleted_at.is_(None),
                access.visible_opportunities(to),
            )
            .order_by(Opportunity.id.desc())
            .limit(MOST_OTHERS)
        )
    )
