"""Search: a page of what was found, its groups page by page, and the same groups under the box while one types."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.queries import reading, search
from pipeline.queries.nearest import Group
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx, partials

bp = Blueprint("search", __name__)

MOST_WHILE_TYPING = 5
MOST = 10
PAGE = 50
LAST_PAGE = 200


@bp.get("/search")
@requires(Permission.SEARCH)
def show() -> ResponseReturnValue:
    text = reading.text(request.args, "q")
    if is_htmx():
        found = search.found(text, seen_by=me(), most=MOST_WHILE_TYPING)
        return partials(("search/_while_typing.html", {"found": found}))
    return render_template("search/show.html", found=search.found(text, seen_by=me(), most=MOST))


@bp.get("/search/<any(opportunities, people, companies):results>")
@requires(Permission.SEARCH)
def group(results: str) -> ResponseReturnValue:
    text, only = reading.text(request.args, "q"), Group(results)
    page = min(reading.number(request.args, "page") or 1, LAST_PAGE)
    found = search.found(text, seen_by=me(), most=PAGE, page=page, only=only)
    return render_template("search/group.html", found=found, group=only, page=page, size=PAGE)
