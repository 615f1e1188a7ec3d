"""What the Today page is drawn with: whole, or again after something on it was done."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.models.opportunity import Opportunity
from pipeline.queries import today
from pipeline.web import origin
from pipeline.web.auth import me
from pipeline.web.htmx import Fragment, fragments

TEAM = "team"


def whole(**more: Any) -> ResponseReturnValue:
    return render_template("today/show.html", **_context(more))


def redrawn(*parts: Fragment, about: Opportunity | None = None, **more: Any) -> ResponseReturnValue:
    """The lists again; after a task was done, with the offer of a next one for the deal it was about."""
    about = about if "offered" in more else None
    home = url_for("today.show", next=more.get("offered"), about=about and about.id, who=whose())
    return fragments(("today/_agenda.html", _context({"about": about} | more)), *parts, otherwise=home)


def is_there(page: str) -> bool:
    """Whether an address is this page's."""
    return origin.path(page) == url_for("today.show")


def whose() -> str | None:
    """Whose day is looked at, on this page or on the one that asked: one's own, or one's team's."""
    who = request.args.get("who") or origin.query(origin.asked_from("")).get("who")
    return TEAM if who == TEAM else None


def _context(more: dict[str, Any]) -> dict[str, Any]:
    agenda = today.agenda(me(), of_team=whose() == TEAM)
    return {"agenda": agenda, "offered": None, "about": None} | more
