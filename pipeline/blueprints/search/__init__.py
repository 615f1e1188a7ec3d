"""Search: a page of what was found, and the same groups under the box while one types."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.queries import reading, search
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx, partials

bp = Blueprint("search", __name__)

MOST_WHILE_TYPING = 6
MOST = 25


@bp.get("/search")
@requires(Permission.SEARCH)
def show() -> ResponseReturnValue:
    text = reading.text(request.args, "q")
    if is_htmx():
        found = search.found(text, seen_by=me(), most=MOST_WHILE_TYPING)
        return partials(("search/_while_typing.html", {"found": found}))
    return render_template("search/show.html", found=search.found(text, seen_by=me(), most=MOST))
