"""One's own profile."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web.auth import requires

bp = Blueprint("profile", __name__, url_prefix="/settings/profile")


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    return render_template("settings/profile/show.html")
