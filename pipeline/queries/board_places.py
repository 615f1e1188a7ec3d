"""Where one card lies on a board that is shown already: what it reads, and which card it lies below."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import anyone, board_cards, board_order, board_tops
from pipeline.queries.board_cards import Card
from pipeline.queries.built import Built
from pipeline.queries.filters import Filter

_PLACED: Built[Select[Any]] = Built()


@dataclass(frozen=True, slots=True)
class Placed:
    """A card, the one above it, if any, and how many it makes with all those above."""

    card: Card
    below: int | None
    count: int


def of(opportunity_id: int, stage: Stage, filter: Filter, loaded: int, *, seen_by: User) -> Placed | None:
    """The card's place among the topmost `loaded` others of its stage; none if the filter, or its depth, hides it.

    One query: where it lies and what is written on it.
    """
    shown, depth = replace(filter, pipeline=None), loaded + 1

    def build(reader: User) -> Select[Any]:
        return _placed(stage, shown, depth, reader)

    asked = _PLACED.for_all_like(seen_by, shown, stage.id, depth, build=build)
    rows = db.session.execute(asked, {**anyone.who(seen_by), "card": opportunity_id}).all()
    if not rows or rows[0].place > depth:
        return None
    [card] = board_cards.read(rows, [stage], filter.order, seen_by)[stage.id]
    return Placed(card, rows[0].below, rows[0].place)


def _placed(stage: Stage, filter: Filter, depth: int, reader: User) -> Select[Any]:
    top = board_tops.ids([stage], filter, {stage.id: depth}, seen_by=reader)
    order = board_order.columns(filter.order)
    places = (
        select(
            Opportunity.id,
            func.row_number().over(order_by=order).label("place"),
            func.lag(Opportunity.id).over(order_by=order).label("below"),
        )
        .join(top, top.c.id == Opportunity.id)
        .subquery()
    )
    written = board_cards.WRITTEN.add_columns(places.c.place, places.c.below)
    return written.join(places, places.c.id == Opportunity.id).where(Opportunity.id == bindparam("card"))
