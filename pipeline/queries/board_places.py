"""Where one card lies on a board that is shown already: what it reads, and which card it lies below."""

from dataclasses import dataclass, replace

from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import board_cards, board_tops
from pipeline.queries.board_cards import Card
from pipeline.queries.filters import Filter


@dataclass(frozen=True, slots=True)
class Placed:
    """A card, the one above it, if any, and how many it makes with all those above."""

    card: Card
    below: int | None
    count: int


def of(opportunity_id: int, stage: Stage, filter: Filter, loaded: int, *, seen_by: User) -> Placed | None:
    """The card's place among the topmost `loaded` others of its stage; none if the filter, or its depth, hides it."""
    ids = board_tops.of_stage(stage, replace(filter, pipeline=None), loaded + 1, seen_by=seen_by)
    if opportunity_id not in ids:
        return None
    place = ids.index(opportunity_id)
    card = board_cards.one(opportunity_id, stage, order=filter.order, seen_by=seen_by)
    return Placed(card, ids[place - 1] if place else None, place + 1)
