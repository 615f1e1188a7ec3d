"""One opportunity, as a page or in the panel over another page, and older pages of its timeline."""

from flask import request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.blueprint import bp
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.models.activity import ActivityKind
from pipeline.queries import reading, timeline
from pipeline.web import panel
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx, partials


@bp.get("/<int:opportunity_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int) -> ResponseReturnValue:
    """With `next` it offers to plan a task of that kind, as it does when one was just done."""
    offered = request.args.get("next")
    if panel.is_open():
        return record.in_panel(opportunity_id)
    return record.whole(opportunity_id, offered=offered if offered in set(ActivityKind) else None)


@bp.get("/<int:opportunity_id>/timeline")
@requires(Permission.OPPORTUNITY_VIEW)
def older(opportunity_id: int) -> ResponseReturnValue:
    """What happened before the entry `before`."""
    before = reading.number(request.args, "before")
    if not is_htmx():
        return record.whole(opportunity_id, before=before)
    opportunity = access.opportunity(opportunity_id, to=me())
    return partials(("timeline/_page.html", {"timeline": timeline.page(opportunity, to=me(), before=before)}))
