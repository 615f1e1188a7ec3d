"""How this screen looks and listens: light or dark, and whether single keys do things."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web import screen
from pipeline.web.auth import requires
from pipeline.web.htmx import is_htmx

bp = Blueprint("screen", __name__, url_prefix="/settings")


@bp.post("/theme")
@requires(Permission.SIGNED_IN)
def choose_theme() -> ResponseReturnValue:
    return screen.keep("theme", screen.THEMES)


@bp.get("/shortcuts")
@requires(Permission.SIGNED_IN)
def show_keys() -> ResponseReturnValue:
    """What single keys do, over any page; a plain browser reads it on one's profile."""
    profile = url_for("profile.show", _anchor="keys")
    if not is_htmx():
        return redirect(profile, 303)
    title = "Keyboard shortcuts"
    return render_template("settings/profile/_keys_dialog.html", title=title, back=profile, level=2)


@bp.post("/keys")
@requires(Permission.SIGNED_IN)
def choose_keys() -> ResponseReturnValue:
    return screen.keep("keys", screen.KEYS)
