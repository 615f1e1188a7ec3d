"""`/settings` is the first of its sections."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web import navigation
from pipeline.web.auth import requires
from pipeline.web.htmx import go

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    return go(navigation.settings()[0].url)
