"""Light, dark, or as the device says."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web.auth import requires
from pipeline.web.globals import THEMES
from pipeline.web.safety import address_here

bp = Blueprint("theme", __name__, url_prefix="/settings/theme")

A_YEAR = 365 * 24 * 60 * 60


@bp.post("")
@requires(Permission.SIGNED_IN)
def update() -> ResponseReturnValue:
    chosen = request.form.get("theme")
    response = redirect(address_here(request.form.get("next")) or url_for("start.show"), 303)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
