"""What the record page is drawn with: whole, or the regions of it that a change touched."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.domain import access
from pipeline.models.opportunity import Opportunity
from pipeline.queries import opportunity_page
from pipeline.queries.opportunity_page import RecordPage
from pipeline.web.auth import me
from pipeline.web.htmx import go, is_htmx, partials

HEADINGS = {name: form.heading for name, form in GROUPS.items()}
AT_THE_SIDE = [name for name in GROUPS if name not in ("title", "reason_note")]

# What a template may ask for, while nothing is being edited or offered.
NOTHING: dict[str, Any] = {
    "editing": None,
    "form": None,
    "clash": None,
    "offered": None,
    "group": None,
    "refocus": None,
    "people": (),
}


def whole(opportunity_id: int, *, before: int | None = None, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page, with one of its regions as a form when `editing` names it."""
    page = opportunity_page.whole(opportunity_id, to=me(), before=before)
    return render_template("opportunities/show.html", **context(page, **more)), status


def regions(opportunity_id: int, *names: str, status: int = 200, **more: Any) -> ResponseReturnValue:
    """Some regions of the page for htmx; for a plain browser the whole page."""
    if not is_htmx():
        return whole(opportunity_id, status=status, **more)
    page = opportunity_page.whole(opportunity_id, to=me())
    drawn = context(page, **more)
    return partials(*((f"opportunities/_{name}.html", drawn) for name in names), status=status)


def redrawn(opportunity: Opportunity, *names: str, **more: Any) -> ResponseReturnValue:
    """After a change: its regions, and with them the head and the timeline, which change with everything."""
    if not access.may_see(me(), opportunity):
        flash(f"Done. {opportunity.title} is not yours to see any more.", "good")
        return go(url_for("start.show"))
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity.id, next=more.get("offered")))
    return regions(opportunity.id, "head", *names, "timeline", **more)


def context(page: RecordPage, **more: Any) -> dict[str, Any]:
    groups = AT_THE_SIDE if page.opportunity.is_open else [*AT_THE_SIDE, "reason_note"]
    return NOTHING | {"page": page, "groups": groups, "headings": HEADINGS} | more
