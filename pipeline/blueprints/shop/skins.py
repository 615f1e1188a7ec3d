"""A skin's colours and logo, under names that change with them, so that browsers keep them for a year."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.shop.blueprint import BY_PLACE, bp
from pipeline.domain import skins
from pipeline.extensions import db, limiter
from pipeline.models.skin import Skin
from pipeline.web import skin_style as styles
from pipeline.web.assets import A_YEAR
from pipeline.web.auth import public


@bp.get("/skins/<int:skin_id>-<int:version>.css")
@public
@limiter.limit(BY_PLACE)
def skin_style(skin_id: int, version: int) -> ResponseReturnValue:
    skin = skin_numbered(skin_id)
    is_this = skin.version == version and request.args.get("of") == styles.edition(skin)
    return kept(Response(styles.of(skin), mimetype="text/css"), is_this)


@bp.get("/skins/<int:skin_id>-<int:version>/logo")
@public
@limiter.limit(BY_PLACE)
def logo(skin_id: int, version: int) -> ResponseReturnValue:
    skin = skin_numbered(skin_id)
    if skin.logo is None:
        abort(404)
    return kept(Response(skin.logo, mimetype=skin.logo_type), skin.version == version)


def skin_numbered(skin_id: int) -> Skin:
    """The skin, archived or not: offers go on wearing it."""
    skin = skins.built_in() if skin_id == skins.BUILT_IN_ID else db.session.get(Skin, skin_id)
    if skin is None:
        abort(404)
    return skin


def kept(response: Response, is_this: bool) -> Response:
    """An address from before a change is answered with what it is now, and not kept."""
    response.headers["Cache-Control"] = A_YEAR if is_this else "no-store"
    return response
