"""Saved views over HTTP: kept, renamed, updated, shared, opened with, deleted and brought back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import list_state
from pipeline.domain import saved_views
from pipeline.domain.access import Permission
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.models.saved_view import Place, SavedView
from pipeline.queries import view_bar
from pipeline.queries.filters import Filter
from pipeline.transaction import transaction
from pipeline.web import errors, origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import dialog_page, go, is_htmx
from pipeline.web.origin import Origin

bp = Blueprint("views", __name__, url_prefix="/views")


@bp.get("/new")
@requires(Permission.OPPORTUNITY_VIEW)
def new() -> ResponseReturnValue:
    return _dialog(None)


@bp.post("")
@requires(Permission.OPPORTUNITY_VIEW)
def create() -> ResponseReturnValue:
    """Keep what the page shows as a view."""
    page = _page()
    place, asked, shared = _place(page), _asked(page), "shared" in request.form
    with transaction():
        made = saved_views.save(request.form.get("name", ""), place, asked, by=me(), shared=shared)
        if "opening" in request.form:
            saved_views.open_with(made, place, by=me())
    flash(f"Saved the view {made.name}.", "good")
    return go(address(made))


@bp.get("/<int:view_id>/edit")
@requires(Permission.OPPORTUNITY_VIEW)
def edit(view_id: int) -> ResponseReturnValue:
    return _dialog(saved_views.view(view_id, to=me()))


@bp.post("/<int:view_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def update(view_id: int) -> ResponseReturnValue:
    """Its name, whom it is for, and whether one's own list or board opens with it; the last anyone may choose."""
    view = saved_views.view(view_id, to=me())
    page, place, opening = _page(), view.place, "opening" in request.form
    opens_now = saved_views.opens_with(view, by=me())
    with transaction():
        if saved_views.may_change(me(), view):
            saved_views.change(view, by=me(), name=request.form.get("name", ""), shared="shared" in request.form)
        if opening is not opens_now:
            saved_views.open_with(view if opening else None, place, by=me())
    flash(f"Saved the view {view.name}.", "good")
    return go(page)


@bp.post("/<int:view_id>/contents")
@requires(Permission.OPPORTUNITY_VIEW)
def replace(view_id: int) -> ResponseReturnValue:
    """Have the view ask for what the page shows now."""
    view = saved_views.view(view_id, to=me())
    page = _page()
    if _place(page) is not view.place:
        raise RuleBroken("That view is of another page.")
    with transaction():
        saved_views.change(view, by=me(), asked=_asked(page))
    flash(f"Updated the view {view.name}.", "good")
    return go(address(view))


@bp.post("/<int:view_id>/deletion")
@requires(Permission.OPPORTUNITY_VIEW)
def delete(view_id: int) -> ResponseReturnValue:
    view = saved_views.view(view_id, to=me())
    with transaction():
        saved_views.delete(view, by=me())
    return go(_without_view(view))


@bp.post("/<int:view_id>/restoration")
@requires(Permission.OPPORTUNITY_VIEW)
def restore(view_id: int) -> ResponseReturnValue:
    view = saved_views.view(view_id, to=me(), deleted=True)
    with transaction():
        saved_views.restore(view, by=me())
    flash(f"The view {view.name} is back.", "good")
    return go(address(view))


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The dialog again, with what was typed; from elsewhere the refusal as everyone has it."""
    if isinstance(broken, NotVisible | NotAllowed | Conflict) or request.endpoint not in {
        "views.create",
        "views.update",
    }:
        return errors.rule_broken(broken)
    number = (request.view_args or {}).get("view_id")
    return _dialog(saved_views.view(number, to=me()) if number else None, refusal=broken, status=422)


def address(view: SavedView) -> str:
    """Where the view is open as it was saved."""
    asked = {"view": str(view.id), **dict(parse_qsl(view.asked))}
    if view.place is Place.LIST:
        return origin.asking(url_for("opportunities.index"), asked)
    return origin.asking(url_for("board.show", pipeline_id=asked.pop("pipeline", None)), asked)


def _dialog(view: SavedView | None, *, refusal: RuleBroken | None = None, status: int = 200) -> ResponseReturnValue:
    page, sent = _page(), request.form
    asked = {
        "back": page,
        "error": refusal.message if refusal else "",
        "is_misnamed": isinstance(refusal, saved_views.Misnamed),
        "may_change": view is None or saved_views.may_change(me(), view),
        "name": sent.get("name", view.name if view else ""),
        "opening": "opening" in sent if sent else bool(view and saved_views.opens_with(view, by=me())),
        "shared": "shared" in sent if sent else bool(view and view.is_shared),
        "title": "Save view" if view is None else view.name,
        "view": view,
        "what": view.place if view else _place(page),
    }
    if is_htmx() and status == 200:  # noqa: PLR2004 — a dialog that opens
        return render_template("views/_dialog.html", level=2, **asked)
    return dialog_page("views/_dialog.html", page="views/page.html", status=status, **asked)


def _page() -> Origin:
    return origin.asked_from(url_for("opportunities.index"))


def _place(page: Origin) -> Place:
    return Place.BOARD if origin.path(page).startswith(url_for("board.show")) else Place.LIST


def _asked(page: Origin) -> str:
    """What the page asks for, in the words of a view."""
    query: Mapping[str, str] = origin.query(page)
    if _place(page) is Place.LIST:
        return view_bar.written(list_state.read(query, seen_by=me()).asked())
    number = origin.path(page).rpartition("/")[2]
    pipeline = {"pipeline": number} if number.isdecimal() else {}
    return view_bar.written({**Filter.read({**query, "pipeline": ""}).query(), **pipeline})


def _without_view(view: SavedView) -> str:
    page = url_for("opportunities.index" if view.place is Place.LIST else "board.show")
    return origin.asking(page, {"status": "open", "deleted": str(view.id)})
