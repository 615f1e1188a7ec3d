"""Working a list: the way from one record to those before and after it, on the page it was opened from."""

from dataclasses import dataclass, replace

from flask import url_for

from pipeline.blueprints.board import answers
from pipeline.blueprints.today import agenda
from pipeline.models.opportunity import Opportunity
from pipeline.queries import neighbours, today_walk
from pipeline.queries.filters import Filter
from pipeline.queries.neighbours import MOST_COUNTED, Neighbours
from pipeline.queries.opportunity_order import NEWEST
from pipeline.queries.sorting import Sort
from pipeline.web import origin, panel
from pipeline.web.auth import me
from pipeline.web.origin import Origin


@dataclass(frozen=True, slots=True)
class WorkList:
    """Where the ways lead; `words` say where one is. On a page of its own `back` leads to the list, called `where`."""

    previous: str | None
    next: str | None
    words: str
    where: str
    back: str | None


def around(opportunity: Opportunity, page: Origin | None) -> WorkList | None:
    """The neighbours on that page: in its column if that is a board, in the list, in one's day; none on others.

    One that has left the list meanwhile still has neighbours: those it would stand between.
    """
    if not page:
        return None
    if origin.path(page).startswith(url_for("today.show")):
        of_team = origin.query(page).get("who") == agenda.TEAM
        return _drawn(today_walk.beside(opportunity.id, me(), of_team=of_team), page, "Today")
    filter = Filter.read(origin.query(page))
    if answers.is_on_board(page):
        beside = neighbours.in_column(opportunity, replace(filter, pipeline=None), seen_by=me())
        return _drawn(beside, page, "the board")
    if origin.path(page) == url_for("opportunities.index"):
        sort = Sort.read(origin.query(page), NEWEST)
        return _drawn(neighbours.of(opportunity.id, filter, sort, seen_by=me()), page, "the list")
    return None


def _drawn(beside: Neighbours, page: Origin, where: str) -> WorkList:
    carried = None if panel.is_open() else page
    previous, following = (
        id_ and url_for("opportunities.show", opportunity_id=id_, back=carried)
        for id_ in (beside.previous, beside.next)
    )
    return WorkList(previous or None, following or None, _words(beside), where, carried)


def _words(beside: Neighbours) -> str:
    if beside.before is None or beside.place_among:
        return beside.place_among
    count = f"{MOST_COUNTED}+" if beside.count is None else str(beside.count)
    return f"left the {count} listed"
