"""What one was told: the bell, and the page behind it."""

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import notifications
from pipeline.domain.access import Permission, can
from pipeline.queries import notices, runs
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import aimed, drawn, go, page

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@bp.get("")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    return page("notifications/index.html", told=notices.told(me(), before=before))


@bp.get("/bell")
@requires(Permission.SIGNED_IN)
def bell() -> ResponseReturnValue:
    """How much is unread; and for admins, whether anybody does the work. Asked for by every page, now and then."""
    silence = runs.silence() if can(me(), Permission.ADMINISTER) else []
    parts = (
        drawn("notifications/_bell.html", unread=notifications.unread_count(me())),
        drawn("notifications/_silence.html", silence=silence),
    )
    return make_response("\n".join(aimed(part) for part in parts))


@bp.post("/<int:notification_id>/reading")
@requires(Permission.SIGNED_IN)
def read(notification_id: int) -> ResponseReturnValue:
    """Read, and on to what it is about, if one may see that."""
    told = notices.notification(notification_id, me())
    with transaction():
        notifications.mark_read(told, by=me())
    if told.opportunity_id is None:
        return go(url_for("notifications.index"))
    return go(url_for("opportunities.show", opportunity_id=told.opportunity_id))


@bp.post("/reading")
@requires(Permission.SIGNED_IN)
def read_all() -> ResponseReturnValue:
    with transaction():
        notifications.mark_all_read(by=me())
    return go(url_for("notifications.index"))
