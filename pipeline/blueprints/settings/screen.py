"""How this screen looks and listens: light or dark, and whether single keys do things."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web import screen
from pipeline.web.auth import requires

bp = Blueprint("screen", __name__, url_prefix="/settings")


@bp.post("/theme")
@requires(Permission.SIGNED_IN)
def choose_theme() -> ResponseReturnValue:
    return screen.keep("theme", screen.THEMES)


@bp.post("/keys")
@requires(Permission.SIGNED_IN)
def choose_keys() -> ResponseReturnValue:
    return screen.keep("keys", screen.KEYS)
