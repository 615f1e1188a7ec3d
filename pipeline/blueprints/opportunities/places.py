"""One place up or down in a column, for hands that do not drag: from a card's menu, with JavaScript or without."""

from dataclasses import replace

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.board import answers
from pipeline.blueprints.opportunities import beneath
from pipeline.blueprints.opportunities.move_answers import done, page_of
from pipeline.blueprints.opportunities.move_forms import NONSENSE
from pipeline.domain import holding, moves
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Opportunity
from pipeline.queries import neighbours
from pipeline.queries.board_order import BoardOrder
from pipeline.queries.neighbours import Neighbours
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import Fragment
from pipeline.web.origin import Origin

STEPS = ("up", "down")

bp = Blueprint("places", __name__, url_prefix="/opportunities/<int:opportunity_id>/place")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    """At an end of the column there is no step, and nothing is changed."""
    page = page_of(opportunity_id)
    shown = replace(answers.filter_of(page), order=BoardOrder.MANUAL)
    with transaction():
        opportunity = holding.take(opportunity_id, to=me())
        below = neighbours.to_lie_below(opportunity, shown, up=_is_up(request.form.get("step")), seen_by=me())
        moves.place(opportunity, below, by=me())

    def draw() -> list[Fragment]:
        place = {"opportunity": opportunity, "beside": beside(opportunity, page)}
        return [*beneath.card(opportunity, page=page), ("moves/_place_told.html", place)]

    return done(opportunity, draw)


def _is_up(step: str | None) -> bool:
    if step not in STEPS:
        raise RuleBroken(NONSENSE)
    return step == STEPS[0]


def matters(page: Origin) -> bool:
    """Whether a place in its column is to be seen there: not on a board that is sorted by something else."""
    return not answers.is_on_board(page) or answers.filter_of(page).order is BoardOrder.MANUAL


def beside(opportunity: Opportunity, page: Origin) -> Neighbours | None:
    """Where it lies in its column on that page; nothing on other pages, and on a board that is sorted."""
    if not (answers.is_on_board(page) and matters(page)):
        return None
    return neighbours.in_column(opportunity, answers.filter_of(page), seen_by=me())
