"""Which cards lie on top: for each column a walk along an index, as long as it is asked for, and no longer.

Who does not see all sees in several ways (what is theirs, their team's, shared with them): each way is a walk of its
own, so that a few visible deals are not looked for among a million others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Integer, Subquery, case, exists, literal_column, not_, select, union, union_all

from pipeline.domain import access
from pipeline.models.opportunity import Opportunity, opportunity_tags
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import board_order, matching
from pipeline.queries.board_order import Ids, Place
from pipeline.queries.filters import Filter, Shown, asked_for, may_search


def ids(
    stages: Sequence[Stage], filter: Filter, sizes: Mapping[int, int], *, seen_by: User, below: Place | None = None
) -> Subquery:
    """The ids of at least the topmost cards of each stage, as many as `sizes` says, for a query to join."""
    walks = [
        walk.limit(_written(sizes[stage.id])).subquery()
        for stage in stages
        for status in filter.status.statuses
        for walk in _walks(replace(filter, pipeline=None, stage=stage.id, status=Shown(status)), seen_by, below)
    ]
    together = union_all if access.sees_all(seen_by) else union
    return together(*(select(walk.c.id) for walk in walks)).subquery()


def _written(size: int) -> ColumnElement[int]:
    """A limit that is part of the statement: of one it is told later PostgreSQL expects much, and plans each time."""
    return literal_column(str(int(size)), Integer)


def _walks(asked: Filter, person: User, below: Place | None) -> Sequence[Ids]:
    ways = _found(asked, person)
    if not access.sees_all(person):
        own = [cards.where(access.own_or_managed(Opportunity.owner_id, person)) for cards in ways]
        ways = [*own, _shared(asked, person)]
    return [walk for cards in ways for walk in board_order.walks(cards, asked.order, below)]


def _found(asked: Filter, person: User) -> Sequence[Ids]:
    """What few say is taken from the index of words; what many say is looked for on each card passed by."""
    if not asked.text:
        return [_cards(asked, person)]
    may_search(person)
    anywhere, is_many = _cards(replace(asked, stage=None, text=""), person), matching.is_said_by_many(asked.text)
    taken = anywhere.where(not_(is_many), matching.opportunities_said_by_few(asked.text), _of_no_index(asked.stage))
    in_no_stage_if_few = Opportunity.stage_id == case((is_many, asked.stage))
    return [taken, anywhere.where(in_no_stage_if_few, matching.opportunity_says(asked.text))]


def _cards(asked: Filter, person: User) -> Ids:
    """A tag is looked for on each card passed by, not on all that there are."""
    cards = select(Opportunity.id).where(asked_for(replace(asked, tag=None), seen_by=person))
    if asked.tag is None:
        return cards
    worn = opportunity_tags.c
    return cards.where(exists().where(worn.opportunity_id == Opportunity.id, worn.tag_id == asked.tag))


def _shared(asked: Filter, person: User) -> Ids:
    """Found by the shares, which are few."""
    shared = _cards(replace(asked, stage=None, text=""), person).where(access.shared_with(person))
    if asked.text:
        shared = shared.where(matching.opportunity_says(asked.text))
    return shared.where(_of_no_index(asked.stage))


def _of_no_index(stage: int | None) -> ColumnElement[bool]:
    """Of that stage, but not to be found by it: asked for as a sum, so that the database does not begin there."""
    return Opportunity.stage_id + 0 == stage
