"""Which cards lie on top: for each column a walk along an index, as long as it is asked for, and no longer.

Who does not see all sees in several ways (what is theirs, their team's, shared with them): each way is a walk of its
own, so that a few visible deals are not looked for among a million others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Integer, Subquery, case, exists, literal_column, not_, select, union, union_all

from pipeline.domain import access
from pipeline.models.opportunity import Opportunity, opportunity_tags
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import board_order, matching
from pipeline.queries.board_order import Ids, Place
from pipeline.queries.filters import Filter, Shown, asked_for, may_search

Way = Callable[[int], Ids]
"""The cards of a stage, by its id."""


def ids(
    stages: Sequence[Stage], filter: Filter, sizes: Mapping[int, int], *, seen_by: User, below: Place | None = None
) -> Subquery:
    """The ids of at least the topmost cards of each stage, as many as `sizes` says, for a query to join."""
    ways = _ways(filter, seen_by)
    walks = [
        walk.limit(_written(sizes[stage.id])).subquery()
        for stage in stages
        for status in filter.status.statuses
        for way in ways
        for walk in board_order.walks(way(stage.id).where(Opportunity.status == status), filter.order, below)
    ]
    together = union_all if access.sees_all(seen_by) else union
    return together(*(select(walk.c.id) for walk in walks)).subquery()


def _written(size: int) -> ColumnElement[int]:
    """A limit that is part of the statement: of one it is told later PostgreSQL expects much, and plans each time."""
    return literal_column(str(int(size)), Integer)


def _ways(filter: Filter, person: User) -> Sequence[Way]:
    anywhere = _cards(filter, person)
    if access.sees_all(person):
        return _found(anywhere, filter.text)
    shared = anywhere.where(access.shared_with(person))
    if filter.text:
        shared = shared.where(matching.opportunity_says(filter.text))
    own = anywhere.where(access.own_or_managed(Opportunity.owner_id, person))
    return [*_found(own, filter.text), lambda stage: shared.where(_of_no_index(stage))]


def _cards(filter: Filter, person: User) -> Ids:
    """In whatever stage, but for the words. A tag is looked for on each card passed by, not on all that there are."""
    if filter.text:
        may_search(person)
    anywhere = replace(filter, pipeline=None, stage=None, status=Shown.ALL, tag=None, text="")
    cards = select(Opportunity.id).where(asked_for(anywhere, seen_by=person))
    if filter.tag is None:
        return cards
    worn = opportunity_tags.c
    return cards.where(exists().where(worn.opportunity_id == Opportunity.id, worn.tag_id == filter.tag))


def _found(anywhere: Ids, text: str) -> Sequence[Way]:
    """What few say is taken from the index of words; what many say is looked for on each card passed by."""
    if not text:
        return [lambda stage: anywhere.where(Opportunity.stage_id == stage)]
    is_many = matching.is_said_by_many(text)
    taken = anywhere.where(not_(is_many), matching.opportunities_said_by_few(text))
    passed_by = anywhere.where(matching.opportunity_says(text))
    return [
        lambda stage: taken.where(_of_no_index(stage)),
        lambda stage: passed_by.where(Opportunity.stage_id == case((is_many, stage))),  # in no stage, if few do
    ]


def _of_no_index(stage: int) -> ColumnElement[bool]:
    """Of that stage, but not to be found by it: asked for as a sum, so that the database does not begin there."""
    return Opportunity.stage_id + 0 == stage
