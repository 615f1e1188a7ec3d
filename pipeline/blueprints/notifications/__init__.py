"""What one was told: the bell, and the page behind it."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import notifications
from pipeline.domain.access import Permission, can
from pipeline.queries import notices, reading, runs
from pipeline.transaction import transaction
from pipeline.web import silence
from pipeline.web.auth import me, requires, unattended, unread
from pipeline.web.htmx import Fragment, fragments, go, page, partials

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

LATEST = 8


@bp.get("")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    before = reading.number(request.args, "before")
    return page("notifications/index.html", told=notices.told(me(), before=before))


@bp.get("/bell")
@requires(Permission.SIGNED_IN)
@unattended
def bell() -> ResponseReturnValue:
    """How much is unread; and for admins, whether anybody does the work. Asked for by every page, now and then.

    Nothing, when that is what the page knows.
    """
    silence.tell(runs.silence() if can(me(), Permission.ADMINISTER) else [])
    if request.args.get("known") == silence.known():
        return "", 204
    return partials(*_bell(unread()), ("notifications/_silence.html", {}))


@bp.get("/latest")
@requires(Permission.SIGNED_IN)
def latest() -> ResponseReturnValue:
    """The newest, to be shown under the bell."""
    return render_template("notifications/_latest.html", told=notices.told(me(), most=LATEST))


@bp.post("/<int:notification_id>/noting")
@requires(Permission.SIGNED_IN)
def note(notification_id: int) -> ResponseReturnValue:
    """Read, without going on to what it is about."""
    told = notices.notification(notification_id, me())
    with transaction():
        notifications.mark_read(told, by=me())
    return _read()


@bp.post("/<int:notification_id>/reading")
@requires(Permission.SIGNED_IN)
def read(notification_id: int) -> ResponseReturnValue:
    """Read, and on to what it is about, if one may see that."""
    told = notices.notification(notification_id, me())
    with transaction():
        notifications.mark_read(told, by=me())
    if told.run_id is not None:
        return go(url_for("bulk.show", run_id=told.run_id))
    if told.opportunity_id is None:
        return go(url_for("notifications.index"))
    return go(url_for("opportunities.show", opportunity_id=told.opportunity_id))


@bp.post("/reading")
@requires(Permission.SIGNED_IN)
def read_all() -> ResponseReturnValue:
    with transaction():
        notifications.mark_all_read(by=me())
    return _read()


def _read() -> ResponseReturnValue:
    """The list under the bell again, and the bell with its new number."""
    told, count = notices.told(me(), most=LATEST), notifications.unread_count(me())
    list_ = ("notifications/_latest.html", {"told": told})
    return fragments(list_, *_bell(count), otherwise=url_for("notifications.index"))


def _bell(count: int) -> tuple[Fragment, Fragment]:
    known = silence.known(count)
    return ("notifications/_sign.html", {"unread": count}), ("notifications/_watch.html", {"known": known})
