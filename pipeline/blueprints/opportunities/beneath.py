"""What a change of an opportunity looks like on the board: the one it was made on, or that lies beneath its panel."""

from collections.abc import Set

from flask import request, session

from pipeline.blueprints.board import answers
from pipeline.blueprints.board.page import LAST
from pipeline.models.opportunity import Opportunity
from pipeline.web import origin, panel
from pipeline.web.htmx import Fragment
from pipeline.web.origin import Origin


def card(opportunity: Opportunity, stages: Set[int] = frozenset(), *, page: Origin | None = None) -> list[Fragment]:
    """Its card in its true place, and the heads of the `stages` it touched; nothing where there is no such board.

    `page` is where the change was made, for a form that says so itself; a panel lies over another.
    """
    page = origin.here() if panel.is_open() else page
    if page is None or not _is_board_of(opportunity, page):
        return []
    return answers.moved(opportunity, stages, page, request.form.getlist(answers.LOADED))


def _is_board_of(opportunity: Opportunity, page: Origin) -> bool:
    if not answers.is_on_board(page) or not panel.is_open():
        return answers.is_on_board(page)
    named = origin.path(page).rpartition("/")[2]
    return opportunity.pipeline_id == (int(named) if named.isdecimal() else session.get(LAST))
