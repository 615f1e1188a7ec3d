"""Where a card lies in its column: a fractional rank, set from its neighbours, never from an index."""

from fractional_indexing import generate_key_between
from sqlalchemy import ColumnElement, func, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage


def on_top(stage: Stage) -> str:
    """A rank above every card of the stage."""
    return str(generate_key_between(None, db.session.scalar(select(func.min(Opportunity.rank)).where(_in(stage)))))


def above(rank: str) -> str:
    """A rank above this one, with nothing between that matters: for placing many on top, one after another."""
    return str(generate_key_between(None, rank))


def at_bottom(stage: Stage) -> str:
    """A rank below every card of the stage."""
    return str(generate_key_between(db.session.scalar(select(func.max(Opportunity.rank)).where(_in(stage))), None))


def beside(neighbour_id: int | None, stage: Stage) -> str:
    """A rank below the neighbour, if one is named, else on top."""
    return below(neighbour_id, stage) if neighbour_id else on_top(stage)


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
    return str(generate_key_between(upper, lower))


def _in(stage: Stage) -> ColumnElement[bool]:
    return Opportunity.stage_id == stage.id
