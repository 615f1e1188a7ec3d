"""What the Today page is drawn with: whole, or again after something on it was done."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.activities.form import ActivityForm
from pipeline.models.opportunity import Opportunity
from pipeline.queries import staff, today
from pipeline.web import origin
from pipeline.web.auth import me
from pipeline.web.htmx import Fragment, form_page, fragments

TEAM = "team"


def whole(**more: Any) -> ResponseReturnValue:
    return render_template("today/show.html", **_context(more))


def redrawn(*parts: Fragment, about: Opportunity | None = None, **more: Any) -> ResponseReturnValue:
    """The lists again; after a task was done, with the offer of a next one for the deal it was about."""
    about = about if "offered" in more else None
    home = url_for("today.show", next=more.get("offered"), about=about and about.id, who=whose())
    return fragments(("today/_agenda.html", _context({"about": about} | more)), *parts, otherwise=home)


def offered_again(about: Opportunity, form: ActivityForm) -> ResponseReturnValue:
    """The lists with the offer of a next task as it was sent, and what is wrong with it."""
    known = _context({"about": about, "offered": form.kind.data, "sent": form})
    return form_page("today/show.html", ("today/_agenda.html", known))


def is_there(page: str) -> bool:
    """Whether an address is this page's."""
    return origin.path(page) == url_for("today.show")


def whose() -> str | None:
    """Whose day is looked at, on this page or on the one that asked: one's own, or one's team's."""
    who = request.args.get("who") or origin.query(origin.asked_from("")).get("who")
    return TEAM if who == TEAM else None


def _context(more: dict[str, Any]) -> dict[str, Any]:
    agenda = today.agenda(me(), of_team=whose() == TEAM)
    people = staff.who_can_sign_in() if more.get("about") else []
    return {"agenda": agenda, "offered": None, "about": None, "people": people, "sent": None} | more
