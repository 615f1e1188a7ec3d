"""What hangs on an opportunity, each kind a short list, all of them brought along by the query of its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from pipeline.domain import access, pricing
from pipeline.domain.pricing import Price
from pipeline.models.automation import Automation, Run, Step, StepState
from pipeline.models.contact import Tag
from pipeline.models.follower import Follower
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import (
    ChecklistTick,
    Opportunity,
    Share,
    StageMove,
    opportunity_products,
    opportunity_tags,
)
from pipeline.models.pipeline import ChecklistItem, Stage
from pipeline.models.product import Product
from pipeline.models.user import User, initials_of
from pipeline.queries import record_orders
from pipeline.queries.gathering import OneId, Rows, gathered, moment
from pipeline.queries.record_orders import Sold

MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class WornTag:
    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class LineThere:
    """A line of the deal; money in minor units of its currency, discount and tax rate in hundredths of a percent."""

    id: int
    product: str
    charge: str
    interval_months: int | None
    trial_days: int
    payments_count: int | None
    tax_rate: int
    quantity: int
    unit_price: int
    discount: int

    @property
    def price(self) -> Price:
        return pricing.of_line(self.unit_price, self.quantity, discount=self.discount, tax_rate=self.tax_rate)


@dataclass(frozen=True, slots=True)
class SharedWith:
    user_id: int
    name: str
    level: str

    @property
    def initials(self) -> str:
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class FollowedBy:
    user_id: int
    name: str

    @property
    def initials(self) -> str:
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class Tick:
    """An item ticked, with its words of then; `by` is empty when an automation ticked it."""

    item_id: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    stage_id: int
    stage: str
    at: datetime
    mover: str


@dataclass(frozen=True, slots=True)
class StageThere:
    id: int
    name: str
    kind: str
    colour: str
    target_days: int


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    text: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class WaitingStep:
    description: str
    due_at: datetime
    receipt: str
    automation: str


@dataclass(frozen=True, slots=True)
class OtherDeal:
    id: int
    title: str
    status: str
    value: int
    currency: str


@dataclass(frozen=True, slots=True)
class Parts:
    tags: list[WornTag]
    products: list[str]
    lines: list[LineThere]
    shares: list[SharedWith]
    followers: list[FollowedBy]
    people: list[tuple[int, str]]
    """Who can sign in, and so be given a task."""
    ticks: list[Tick]
    moves: list[Moved]
    stages: list[StageThere]
    items: list[Item]
    pending: list[WaitingStep]
    others: list[OtherDeal]
    sold: Sold


def columns(opportunity_id: OneId, *, to: User) -> list[ScalarSelect[Rows]]:
    """One column for each field of `Parts`, in its order; two for what was sold."""
    own = [
        gathered(rows)
        for rows in (
            _tags(opportunity_id),
            _products(opportunity_id),
            _lines(opportunity_id),
            _shares(opportunity_id),
            _followers(opportunity_id),
            _people(),
            _ticks(opportunity_id),
            _moves(opportunity_id),
            _stages(opportunity_id),
            _items(opportunity_id),
            _pending(opportunity_id),
            _others(opportunity_id, to),
        )
    ]
    return [*own, *record_orders.columns(opportunity_id)]


def read(found: list[Rows]) -> Parts:
    """The parts from what those columns held. Lists keep no order on the way, so each is put into its own here."""
    tags, products, lines, shares, followers, people, ticks, moves, stages, items, pending, others, *sold = found
    return Parts(
        tags=sorted((WornTag(*row) for row in tags), key=lambda tag: tag.name),
        products=sorted(name for (name,) in products),
        lines=[LineThere(*row) for _, *row in sorted(lines, key=lambda row: row[:2])],
        shares=sorted((SharedWith(*row) for row in shares), key=lambda share: share.name),
        followers=sorted((FollowedBy(*row) for row in followers), key=lambda follower: follower.name),
        people=sorted(((id_, name) for id_, name in people), key=lambda person: (person[1], person[0])),
        ticks=[Tick(item_id, text, by or "", moment(at)) for item_id, text, by, at in ticks],
        moves=[Moved(stage_id, stage, moment(at), by or "Automation") for _, stage_id, stage, at, by in sorted(moves)],
        stages=[StageThere(*row) for _, *row in sorted(stages)],
        items=[Item(id_, text, bool(required)) for _, id_, text, required in sorted(items)],
        pending=[WaitingStep(words, moment(at), note or "", name) for at, _, words, note, name in sorted(pending)],
        others=sorted((OtherDeal(*row) for row in others), key=lambda other: -other.id),
        sold=record_orders.read(sold),
    )


def _tags(opportunity_id: OneId) -> Select[int, str, str]:
    worn = opportunity_tags.c
    return select(Tag.id, Tag.name, Tag.colour).join_from(
        opportunity_tags, Tag, (Tag.id == worn.tag_id) & (worn.opportunity_id == opportunity_id)
    )


def _products(opportunity_id: OneId) -> Select[str]:
    wanted = opportunity_products.c
    return select(Product.name).join_from(
        opportunity_products, Product, (Product.id == wanted.product_id) & (wanted.opportunity_id == opportunity_id)
    )


def _lines(opportunity_id: OneId) -> Select[*tuple[Any, ...]]:
    line = OpportunityLine
    return (
        select(
            line.position,
            line.id,
            Product.name,
            Product.charge,
            Product.interval_months,
            Product.trial_days,
            Product.payments_count,
            Product.tax_rate,
            line.quantity,
            func.coalesce(line.price_override, line.price, 0),
            line.discount,
        )
        .join(line.product)
        .where(line.opportunity_id == opportunity_id)
    )


def _shares(opportunity_id: OneId) -> Select[int, str, str]:
    return select(User.id, User.name, Share.level).join(Share.user).where(Share.opportunity_id == opportunity_id)


def _followers(opportunity_id: OneId) -> Select[int, str]:
    return select(User.id, User.name).join(Follower.user).where(Follower.opportunity_id == opportunity_id)


def _people() -> Select[int, str]:
    return select(User.id, User.name).where(User.is_active)


def _ticks(opportunity_id: OneId) -> Select[int, str, str, datetime]:
    return (
        select(ChecklistTick.item_id, ChecklistTick.text, User.name, ChecklistTick.ticked_at)
        .outerjoin(ChecklistTick.ticked_by)
        .where(ChecklistTick.opportunity_id == opportunity_id)
    )


def _moves(opportunity_id: OneId) -> Select[int, int, str, datetime, str]:
    return (
        select(StageMove.id, StageMove.target_id, StageMove.target_name, StageMove.moved_at, User.name)
        .outerjoin(StageMove.mover)
        .where(StageMove.opportunity_id == opportunity_id)
    )


def _stages(opportunity_id: OneId) -> Select[int, int, str, str, str, int]:
    here = select(Opportunity.pipeline_id).where(Opportunity.id == opportunity_id).scalar_subquery()
    return select(Stage.position, Stage.id, Stage.name, Stage.kind, Stage.colour, Stage.target_days).where(
        Stage.pipeline_id == here, Stage.retired_at.is_(None)
    )


def _items(opportunity_id: OneId) -> Select[int, int, str, bool]:
    here = select(Opportunity.stage_id).where(Opportunity.id == opportunity_id).scalar_subquery()
    return select(ChecklistItem.position, ChecklistItem.id, ChecklistItem.text, ChecklistItem.is_required).where(
        ChecklistItem.stage_id == here, ChecklistItem.dropped_at.is_(None)
    )


def _pending(opportunity_id: OneId) -> Select[datetime, int, str, str | None, str]:
    """What automations still have before them here."""
    return (
        select(Step.due_at, Step.id, Step.description, Step.receipt, Automation.name)
        .join(Step.run)
        .join(Run.automation)
        .where(Run.opportunity_id == opportunity_id, Step.state == StepState.WAITING)
    )


def _others(opportunity_id: OneId, to: User) -> Select[int, str, str, int, str]:
    """Other opportunities of the same contact, as far as this person may see them."""
    contact = select(Opportunity.contact_id).where(Opportunity.id == opportunity_id).scalar_subquery()
    return (
        select(Opportunity.id, Opportunity.title, Opportunity.status, Opportunity.value, Opportunity.currency)
        .where(
            Opportunity.contact_id == contact,
            Opportunity.id != opportunity_id,
            Opportunity.deleted_at.is_(None),
            access.visible_opportunities(to),
        )
        .order_by(Opportunity.id.desc())
        .limit(MOST_OTHERS)
    )
