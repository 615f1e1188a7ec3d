"""What automations did, do and are going to do: every step, what is stuck, and what a person can do about it."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import interventions
from pipeline.domain.access import Permission
from pipeline.queries import reading, runs
from pipeline.transaction import transaction
from pipeline.web import silence
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page
from pipeline.web.safety import address_here

bp = Blueprint("runs", __name__, url_prefix="/settings/runs")


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    shown = runs.Show.named(request.args.get("show"))
    listing = runs.listing(shown, automation_id=reading.number(request.args, "automation"), before=before())
    silence.tell(runs.silence())
    return page("settings/runs/index.html", listing=listing, troubles=runs.other_troubles())


@bp.post("/steps/<int:step_id>/retrial")
@requires(Permission.ADMINISTER)
def retry_step(step_id: int) -> ResponseReturnValue:
    with transaction():
        interventions.retry(runs.step(step_id), by=me())
    flash("It is tried again at once.", "good")
    return back()


@bp.post("/steps/<int:step_id>/skipping")
@requires(Permission.ADMINISTER)
def skip_step(step_id: int) -> ResponseReturnValue:
    with transaction():
        interventions.skip(runs.step(step_id), by=me())
    flash("Skipped; the timeline says by whom.", "good")
    return back()


@bp.post("/promises/<int:message_id>/retrial")
@requires(Permission.ADMINISTER)
def retry_promise(message_id: int) -> ResponseReturnValue:
    with transaction():
        interventions.retry_promise(runs.promise(message_id), by=me())
    flash("It is tried again at once.", "good")
    return back()


@bp.post("/promises/<int:message_id>/skipping")
@requires(Permission.ADMINISTER)
def skip_promise(message_id: int) -> ResponseReturnValue:
    with transaction():
        interventions.skip_promise(runs.promise(message_id), by=me())
    flash("Skipped.", "good")
    return back()


def before() -> int | None:
    return reading.number(request.args, "before")


def back() -> ResponseReturnValue:
    return go(address_here(request.form.get("back")) or url_for("runs.index"))
