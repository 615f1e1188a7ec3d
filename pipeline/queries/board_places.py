"""Where one card lies on a board that is shown already: what it reads, and which card it lies below."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import board_cards
from pipeline.queries.board_cards import Card
from pipeline.queries.filters import Filter, where


@dataclass(frozen=True, slots=True)
class Placed:
    """A card, the one above it, if any, and how many it makes with all those above."""

    card: Card
    below: int | None
    count: int


def of(opportunity_id: int, stage: Stage, filter: Filter, loaded: int, *, seen_by: User) -> Placed | None:
    """The card's place among the topmost `loaded` others of its stage; none if the filter, or its depth, hides it."""
    asked = replace(filter, pipeline=None, stage=stage.id)
    order = Opportunity.rank, Opportunity.id
    top = select(Opportunity.id).where(where(asked, seen_by=seen_by)).order_by(*order).limit(loaded + 1)
    ids = list(db.session.scalars(top))
    if opportunity_id not in ids:
        return None
    place = ids.index(opportunity_id)
    card = board_cards.one(opportunity_id, stage, seen_by=seen_by)
    return Placed(card, ids[place - 1] if place else None, place + 1)
