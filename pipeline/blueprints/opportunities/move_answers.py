"""What is answered to a move and to taking one back: the truth on the board, or the page it was asked from."""

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import beneath, record
from pipeline.domain import moves
from pipeline.models.opportunity import Opportunity
from pipeline.web import origin
from pipeline.web.htmx import NO_DIALOG, Fragment, go, is_htmx, partials

IN_DIALOG = "in_dialog"
"""What the forms of a dialog carry: only their answer closes it, not that of a card dragged meanwhile."""


def page_of(opportunity_id: int) -> str:
    if request.values.get("back") == "record":
        return url_for("opportunities.show", opportunity_id=opportunity_id)
    return origin.asked_from(url_for("board.show"))


def truth_of(opportunity: Opportunity, seen_version: int | None, target: int) -> Callable[[], list[Fragment]]:
    """The record where it is open; the card in its place, and the heads of the columns that a move may touch: where it
    was seen, is, and was to go.
    """
    page = page_of(opportunity.id)
    before, version = opportunity.stage_id, opportunity.version

    def draw() -> list[Fragment]:
        news = seen_version is not None and seen_version != version and opportunity.version == version
        stages = {before, target} | ({moves.stage_id_at(opportunity, seen_version)} if news else set())
        return [*record.after_move(opportunity), *beneath.card(opportunity, stages, page=page)]

    return draw


def done(opportunity: Opportunity, redraw: Callable[[], list[Fragment]]) -> ResponseReturnValue:
    fragments = redraw() if is_htmx() else []
    if not fragments:
        return go(page_of(opportunity.id))
    return partials(*fragments, *([NO_DIALOG] if IN_DIALOG in request.form else []))
