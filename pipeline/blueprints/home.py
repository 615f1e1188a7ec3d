"""The start page is the first place one may go."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.web import navigation
from pipeline.web.auth import requires
from pipeline.web.htmx import go

bp = Blueprint("start", __name__)


@bp.get("/")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    return go((navigation.main() or navigation.settings())[0].url)
