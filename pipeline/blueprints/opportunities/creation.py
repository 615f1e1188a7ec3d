"""A new opportunity: a dialog over the page one is on, or a page of its own."""

from typing import Any

from flask import flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.board import answers
from pipeline.blueprints.board.page import LAST
from pipeline.blueprints.opportunities.blueprint import bp
from pipeline.blueprints.opportunities.new_form import NewOpportunityForm
from pipeline.domain import access, opportunities
from pipeline.domain.access import Permission
from pipeline.models.opportunity import Opportunity
from pipeline.queries import board, contact_choices, reading
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page, go, is_htmx, partials


@bp.get("/new")
@requires(Permission.OPPORTUNITY_ADD)
def new() -> ResponseReturnValue:
    values: dict[str, Any] = {"stage_id": _first_stage_id(), "owner_id": me().id if me().is_rep else 0}
    if wanted := reading.number(request.args, "contact"):
        known = access.contact(wanted, to=me())
        values |= {"contact": known.name, "contact_id": str(known.id)}
    form = NewOpportunityForm.offered(me(), **values)
    context = {"form": form, "choices": _choices(form), "back": _page()}
    if is_htmx():
        return render_template("opportunities/_new.html", level=2, **context)
    return render_template("opportunities/new.html", dialog="opportunities/_new.html", **context)


@bp.get("/new/contacts")
@requires(Permission.OPPORTUNITY_ADD)
def known_contacts() -> ResponseReturnValue:
    """Whom a name may mean, while it is typed."""
    typed = reading.text(request.args, "contact") or reading.text(request.args, "contact_name")
    found = contact_choices.like(typed, seen_by=me())
    return render_template("opportunities/_contact_choices.html", choices=found, typed=typed, chosen=None)


@bp.post("")
@requires(Permission.OPPORTUNITY_ADD)
def create() -> ResponseReturnValue:
    form = NewOpportunityForm.offered(me())
    stage = form.stage
    if not form.validate() or stage is None:
        return _again(form)
    if len(form.alike(me())) > 1:
        form.contact.errors = ["You know several of that name. Choose one, or a new one."]
        return _again(form)
    with transaction():
        made = opportunities.create(
            stage.pipeline,
            form.chosen_contact(by=me()),
            by=me(),
            stage=stage,
            owner=form.owner(),
            details=form.details(),
        )
    return _shown(made)


def _shown(made: Opportunity) -> ResponseReturnValue:
    """On its board the column with the new card; elsewhere its own page, or for who may not see it the one before."""
    is_seen = access.may_see(me(), made)
    flash(_where(made) if is_seen else f"{_where(made)} {_whose(made)}", "good")
    page = _page()
    if is_htmx() and answers.is_on_board(page):
        return partials(*answers.touched(made.pipeline, {made.stage_id}, page), NO_DIALOG)
    return go(url_for("opportunities.show", opportunity_id=made.id) if is_seen else page)


def _where(made: Opportunity) -> str:
    return f"{made.title} is in {made.stage.name}."


def _whose(made: Opportunity) -> str:
    owner = f"{made.owner.name}'s" if made.owner else "nobody's"
    return f"It is {owner} now, and not yours to see any more."


def _again(form: NewOpportunityForm) -> ResponseReturnValue:
    """The form with what is wrong, and with the contacts to choose from when its name means several."""
    context = {"form": form, "choices": _choices(form), "back": _page()}
    return dialog_page("opportunities/_new.html", page="opportunities/new.html", status=422, **context)


def _choices(form: NewOpportunityForm) -> Any:
    typed = (form.contact.data or "").strip()
    if form.contact_id.data and form.contact_id.data.isdecimal():
        return [access.contact(int(form.contact_id.data), to=me())]
    return contact_choices.exactly(typed, seen_by=me()) if typed else []


def _first_stage_id() -> int | None:
    """Where it begins: the stage asked for, else the first one of the pipeline that was open last."""
    if wanted := reading.number(request.args, "stage"):
        return wanted
    pipelines = board.pipelines()
    last = [pipeline for pipeline in pipelines if pipeline.id == session.get(LAST)]
    default = [pipeline for pipeline in pipelines if pipeline.is_default]
    first = next((pipeline.first_stage for pipeline in (*last, *default, *pipelines) if pipeline.first_stage), None)
    return first.id if first else None


def _page() -> str:
    """Where it was asked for; the form itself is no place to come back to."""
    page, board_page = origin.asked_from(url_for("board.show")), url_for("board.show")
    return board_page if origin.path(page) == url_for("opportunities.new") else page
