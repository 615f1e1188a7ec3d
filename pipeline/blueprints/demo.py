"""The demo's clock: *+1 day* moves it on for every process, so that what is due tomorrow happens now."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain import installation
from pipeline.domain.access import Permission
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.safety import address_here

bp = Blueprint("demo", __name__)


@bp.post("/demo/days")
@requires(Permission.SIGNED_IN)
def advance() -> ResponseReturnValue:
    with transaction():
        installation.advance(1, by=me())
    flash("It is a day later now.")
    return redirect(address_here(request.form.get("back")) or url_for("start.show"), 303)
