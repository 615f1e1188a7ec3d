"""Going through a day deal by deal, in the order of the Today page: a deal that is there twice is come to once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select, union_all

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.neighbours import Neighbours
from pipeline.queries.today_groups import Group, Mark, Scope, arms

MOST = 200
"""So many of each group are walked; nobody gets through more in a day."""


def beside(opportunity_id: int, person: User, *, of_team: bool) -> Neighbours:
    """The deals before and after one on the page of that day. One that was seen to, and is there no more, leads to the
    first that is left. Two queries at most.
    """
    scope = Scope.of(person, of_team=of_team)
    rows = db.session.execute(_lines(scope), scope.told()).all()
    deals = _in_order(rows)
    is_listed = opportunity_id in deals
    place = deals.index(opportunity_id) if is_listed else 0
    previous, following = deals[:place], deals[place + is_listed :]
    beside = Neighbours(next(reversed(previous), None), next(iter(following), None), is_listed=is_listed)
    if len(rows) >= MOST:
        return beside
    return replace(beside, before=len(previous), after=len(following))


def _in_order(rows: Sequence[Row[Any]]) -> list[int]:
    places: Mapping[str, int] = {group: place for place, group in enumerate(Group)}
    ordered = sorted(rows, key=lambda row: (places[row.group], Mark.of(row)))
    return list(dict.fromkeys(row.deal_id for row in ordered))


@lru_cache(maxsize=16)
def _lines(scope: Scope) -> Select[Any]:
    """The first lines of each group, where the person sees the deal."""
    tops = union_all(*(arm.top(MOST).subquery().select() for arm in arms(scope))).subquery("top")
    seen = access.visible_opportunities(scope.reader)
    return select(*tops.c).join(Opportunity, Opportunity.id == tops.c.deal_id).where(seen)
