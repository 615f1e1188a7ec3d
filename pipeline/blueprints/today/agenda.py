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
    about = about if "offered" in more else None
    home = url_for("today.show", next=more.get("offered"), about=about and about.id)
    return fragments(("today/_agenda.html", _context({"about": about} | more)), otherwise=home)


def _context(more: dict[str, Any]) -> dict[str, Any]:
    return {"agenda": today.agenda(me()), "editing": None, "offered": None, "about": None, "people": []} | more
