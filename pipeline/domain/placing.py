"""Where a card lies in its column: a fractional rank, set from its neighbours, never from an index.

Between two ranks there is always another, but a longer one; before it is too long for its column, room is made.
"""

from fractional_indexing import generate_key_between, generate_n_keys_between
from sqlalchemy import ColumnElement, bindparam, func, select, update

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage

LONGEST = 80
SHORT = 20
HIGHEST = select(func.min(Opportunity.rank)).where(Opportunity.stage_id == bindparam("stage"))


def on_top(stage: Stage) -> str:
    """A rank above every card of the stage."""
    return above(db.session.scalar(HIGHEST, {"stage": stage.id}))


def above(rank: str | None) -> str:
    """A rank above this one, with nothing between that matters: for placing many on top, one after another."""
    return str(generate_key_between(None, rank))


def at_bottom(stage: Stage) -> str:
    """A rank below every card of the stage."""
    return str(generate_key_between(db.session.scalar(select(func.max(Opportunity.rank)).where(_in(stage))), None))


def beside(neighbour_id: int | None, stage: Stage, highest: str | None = None) -> str:
    """A rank below the neighbour, if one is named, else on top: above the `highest` one, if it is known already."""
    if neighbour_id:
        return below(neighbour_id, stage)
    return above(highest) if highest else on_top(stage)


def below(neighbour_id: int, stage: Stage) -> str:
    """A rank right below a card of the stage; at the bottom when that card has gone from it meanwhile."""
    upper = db.session.scalar(
        select(Opportunity.rank).where(
            Opportunity.id == neighbour_id, Opportunity.stage_id == stage.id, Opportunity.deleted_at.is_(None)
        )
    )
    if upper is None:
        return at_bottom(stage)
    lower = db.session.scalar(
        select(func.min(Opportunity.rank)).where(Opportunity.stage_id == stage.id, Opportunity.rank > upper)
    )
    rank = str(generate_key_between(upper, lower))
    return rank if len(rank) <= LONGEST else _room_below(upper, stage)


def _room_below(upper: str, stage: Stage) -> str:
    """The same, once the crowd around it was spread out: each card that is put into a gap finds it narrower."""
    floor = db.session.scalar(select(func.max(Opportunity.rank)).where(_in(stage), _is_short(), _is_above(upper)))
    bound = db.session.scalar(select(func.min(Opportunity.rank)).where(_in(stage), _is_short(), ~_is_above(upper)))
    crowd = select(Opportunity.id, Opportunity.rank).where(_in(stage)).order_by(Opportunity.rank, Opportunity.id)
    if floor is not None:
        crowd = crowd.where(Opportunity.rank > floor)
    if bound is not None:
        crowd = crowd.where(Opportunity.rank < bound)
    cards = db.session.execute(crowd).all()
    ranks = generate_n_keys_between(floor, bound, len(cards) + 1)
    own = ranks.pop(sum(card.rank <= upper for card in cards))
    db.session.execute(
        update(Opportunity), [{"id": card.id, "rank": rank} for card, rank in zip(cards, ranks, strict=True)]
    )
    return str(own)


def _is_short() -> ColumnElement[bool]:
    return func.length(Opportunity.rank) <= SHORT


def _is_above(rank: str) -> ColumnElement[bool]:
    """That card itself among them."""
    return Opportunity.rank <= rank


def _in(stage: Stage) -> ColumnElement[bool]:
    return Opportunity.stage_id == stage.id
