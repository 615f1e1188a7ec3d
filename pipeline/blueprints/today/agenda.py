"""What the Today page is drawn with: whole, or again after something on it was done."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.models.opportunity import Opportunity
from pipeline.queries import today
from pipeline.web.auth import me
from pipeline.web.htmx import fragments


def whole(**more: Any) -> ResponseReturnValue:
    return render_template("today/show.html", **_context(more))


def redrawn(*, about: Opportunity | None = None, plainly: bool = False, **more: Any) -> ResponseReturnValue:
    """The lists again; after a task was done, with the offer of a next one for the deal it was about."""
    if plainly:
        return whole(**more)
    context = _context({"about": about if "offered" in more else None} | more)
    return fragments(("today/_agenda.html", context), otherwise=url_for("today.show"))


def _context(more: dict[str, Any]) -> dict[str, Any]:
    return {"agenda": today.agenda(me()), "editing": None, "offered": None, "about": None} | more
