"""What a record is drawn with: whole, in the panel over another page, or the regions of it that a change touched."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import beneath, work_list
from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.domain import access
from pipeline.domain.waking import RESTING
from pipeline.models.activity import ActivityKind
from pipeline.models.opportunity import Opportunity, Status
from pipeline.queries import opportunity_page
from pipeline.queries.opportunity_page import RecordPage
from pipeline.web import origin, panel
from pipeline.web.auth import me
from pipeline.web.htmx import Fragment, go, is_htmx, partials

HEADINGS = {name: form.heading for name, form in GROUPS.items()}
ELSEWHERE = ("title", "contact")
"""Groups that are drawn where they belong, not in the list of facts."""

TOLD_BY_A_MOVE = ("head", "pending", "checklist", "facts", "history", "timeline")

# What a template may ask for, while nothing is being edited or offered.
NOTHING: dict[str, Any] = {
    "editing": None,
    "form": None,
    "clash": None,
    "offered": None,
    "quietly": False,
    "group": None,
    "refocus": None,
    "sent": None,
    "composing": None,
    "work": None,
    "letter": None,
    "line": None,
}


def whole(opportunity_id: int, *, before: int | None = None, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page, with one of its regions as a form when `editing` names it."""
    page = opportunity_page.whole(opportunity_id, to=me(), before=before)
    work = work_list.around(page.opportunity, origin.asked_from(""))
    return render_template("opportunities/show.html", **context(page, work=work, **more)), status


def in_panel(opportunity_id: int) -> ResponseReturnValue:
    """The same record in the panel over another page; the address of the browser becomes its own."""
    page = opportunity_page.whole(opportunity_id, to=me())
    work = work_list.around(page.opportunity, origin.here())
    answer = partials(("opportunities/_in_panel.html", context(page, work=work)))
    return panel.entered(answer, url_for("opportunities.show", opportunity_id=opportunity_id))


def is_shown(opportunity_id: int) -> bool:
    """Whether the browser that asks has this record before it: as its page, or in the panel over one."""
    home = url_for("opportunities.show", opportunity_id=opportunity_id)
    return is_htmx() and home == (panel.shown() or origin.path(origin.here() or ""))


def after_move(opportunity: Opportunity) -> list[Fragment]:
    """The regions that tell where it stands, if they are on screen."""
    if not is_shown(opportunity.id):
        return []
    told = TOLD_BY_A_MOVE if opportunity.is_open else (*TOLD_BY_A_MOVE, "tasks")
    return _drawn(opportunity.id, told, {})


def regions(opportunity_id: int, *names: str, status: int = 200, **more: Any) -> ResponseReturnValue:
    """Some regions of the page for htmx; for a plain browser the whole page."""
    if not is_htmx():
        return whole(opportunity_id, status=status, **more)
    return partials(*_drawn(opportunity_id, names, more), status=status)


def redrawn(opportunity: Opportunity, *names: str, beside: Sequence[Fragment] = (), **more: Any) -> ResponseReturnValue:
    """After a change: its regions, and with them the head and the timeline, which change with everything."""
    if not access.may_see(me(), opportunity):
        flash(f"Done. {opportunity.title} is not yours to see any more.", "good")
        return go((panel.is_open() and origin.here()) or url_for("start.show"))
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity.id, next=more.get("offered")))
    return partials(*_drawn(opportunity.id, ("head", *names, "timeline"), more), *beneath.card(opportunity), *beside)


def after_contact(
    opportunity: Opportunity, kind: ActivityKind, *names: str, quietly: bool = False, **more: Any
) -> ResponseReturnValue:
    """After word was had with them: its regions, and where nothing is planned the offer of a next task of that kind.

    `quietly` leaves the focus to whoever goes on writing.
    """
    if opportunity.lacks_next_step:
        names, more = tuple(dict.fromkeys((*names, "tasks"))), more | {"offered": kind, "quietly": quietly}
    return redrawn(opportunity, *names, **more)


def as_it_is(opportunity_id: int, *names: str) -> list[Fragment]:
    """Some regions with what is true now, for whoever was refused because of it."""
    return _drawn(opportunity_id, names, {})


def _drawn(opportunity_id: int, names: Sequence[str], more: dict[str, Any]) -> list[Fragment]:
    drawn = context(opportunity_page.whole(opportunity_id, to=me()), **more)
    return [(f"opportunities/_{name}.html", drawn) for name in names]


def context(page: RecordPage, **more: Any) -> dict[str, Any]:
    known = {"page": page, "people": page.people, "groups": _groups(page.opportunity), "headings": HEADINGS}
    return NOTHING | known | more


def _groups(opportunity: Opportunity) -> list[str]:
    """The facts at the side: how it ended once it has, and the day it wakes where deals rest."""
    out = [*ELSEWHERE]
    if opportunity.is_open:
        out.append("ending")
    if opportunity.wake_on is None and (opportunity.stage.kind not in RESTING or opportunity.status is Status.WON):
        out.append("wake")
    return [name for name in GROUPS if name not in out]
