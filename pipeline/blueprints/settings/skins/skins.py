"""Skins: list, make, look at while changing, put away and bring back."""

from types import EllipsisType

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.blueprints.settings.skins import preview
from pipeline.blueprints.settings.skins.blueprint import bp
from pipeline.blueprints.settings.skins.form import SkinForm
from pipeline.domain import colours, skins
from pipeline.domain.access import Permission
from pipeline.domain.logos import Logo
from pipeline.models.skin import Skin
from pipeline.queries import settings_history, settings_skins
from pipeline.transaction import transaction
from pipeline.web import skin_style
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx, page, partials


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return page("settings/skins/index.html", wardrobe=settings_skins.wardrobe())


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    return asked(SkinForm(formdata=None))


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = SkinForm()
    if "preview" in request.form:
        return tried(form)
    again = refusing_into(form, lambda: asked(form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        made = skins.create(form.look, logo=form.picture, by=me())
    flash(f"“{made.name}” was saved. Choose it for a pipeline’s links, or for a single one.", "good")
    return go(url_for("skins.show", skin_id=made.id))


@bp.get("/<int:skin_id>")
@requires(Permission.ADMINISTER)
def show(skin_id: int) -> ResponseReturnValue:
    skin = settings_skins.skin(skin_id)
    return asked(SkinForm.of(skin), skin)


@bp.post("/<int:skin_id>")
@requires(Permission.ADMINISTER)
def update(skin_id: int) -> ResponseReturnValue:
    skin, form = settings_skins.skin(skin_id), SkinForm()
    if "preview" in request.form:
        return tried(form, skin)
    again = refusing_into(form, lambda: asked(form, skin, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        skins.change(skin, form.look, logo=hung(form), by=me())
    flash(f"“{skin.name}” was saved. Offers that wear it look so from now on.", "good")
    return go(url_for("skins.show", skin_id=skin.id))


@bp.post("/<int:skin_id>/archive")
@requires(Permission.ADMINISTER)
def archive(skin_id: int) -> ResponseReturnValue:
    skin = settings_skins.skin(skin_id)
    form = SkinForm.of(skin)
    refusing_into(form, lambda: asked(form, skin, status=422))
    with transaction():
        skins.archive(skin, by=me())
    flash(f"“{skin.name}” is not offered any more. Links that wear it keep it.", "good")
    return go(url_for("skins.index"))


@bp.post("/<int:skin_id>/restoration")
@requires(Permission.ADMINISTER)
def restore(skin_id: int) -> ResponseReturnValue:
    skin = settings_skins.skin(skin_id)
    with transaction():
        skins.restore(skin, by=me())
    flash(f"“{skin.name}” can be chosen again.", "good")
    return go(url_for("skins.show", skin_id=skin.id))


@bp.get("/style.css")
@requires(Permission.ADMINISTER)
def style() -> ResponseReturnValue:
    """The colours of a skin that is being tried."""
    tones = [request.args.get(field, "") for field in skins.COLOURS]
    if not all(colours.is_colour(tone) for tone in tones):
        abort(404)
    accent, background, ink = tones
    return Response(f":root{{{skin_style.tokens(accent, background, ink)}}}\n", mimetype="text/css")


def tried(form: SkinForm, skin: Skin | None = None) -> ResponseReturnValue:
    """How it would look. Nothing is kept."""
    if is_htmx():
        return partials(("settings/skins/_preview.html", {"tried": preview.of(form, skin)}))
    return asked(form, skin)


def asked(form: SkinForm, skin: Skin | None = None, *, status: int = 200) -> ResponseReturnValue:
    return page(
        "settings/skins/show.html",
        status=status,
        form=form,
        worn=skin,
        tried=preview.of(form, skin),
        history=settings_history.about(skin) if skin else [],
    )


def hung(form: SkinForm) -> Logo | EllipsisType | None:
    """What becomes of the logo: another, none, or as it was."""
    if picture := form.picture:
        return picture
    return None if form.takes_logo_away.data else ...
