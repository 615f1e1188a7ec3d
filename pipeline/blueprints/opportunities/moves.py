"""Moving an opportunity, and setting its status: by drag, by menu, from its record, with JavaScript or without.

A refusal is answered with the true columns, and with one dialog where the person can answer it.
"""

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import beneath, record
from pipeline.blueprints.opportunities.move_forms import MoveForm, StatusForm
from pipeline.domain import access, moves
from pipeline.domain.access import Permission
from pipeline.domain.rules import AnswersNeeded, Conflict
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, Fragment, dialog_page, go, is_htmx, on_refusal, partials, truth_again

bp = Blueprint("moves", __name__, url_prefix="/opportunities/<int:opportunity_id>")


@bp.get("/moves/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """Where it could go: a button for each stage."""
    opportunity = access.opportunity(opportunity_id, to=me())
    access.refuse_unless_editable(opportunity, by=me())
    asked = {"opportunity": opportunity, "back": _page(opportunity_id)}
    if is_htmx():
        return render_template("moves/_menu.html", level=2, **asked)
    return render_template("moves/page.html", dialog="moves/_menu.html", title=f"Move {opportunity.title}", **asked)


@bp.post("/moves")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = MoveForm.read(request.form)
    redraw = _truth_of(opportunity, form.version, form.stage_id)
    on_refusal(redraw)
    source = opportunity.stage_id
    with transaction():
        moves.move(
            opportunity,
            form.stage(opportunity.pipeline),
            by=me(),
            answers=form.answers,
            via=form.via,
            seen_version=form.version,
            after_id=form.after_id,
        )
    if opportunity.stage_id != source:
        flash(f"Moved {opportunity.title} to {opportunity.stage.name}.", "good")
    return _done(opportunity, redraw)


@bp.post("/status")
@requires(Permission.OPPORTUNITY_EDIT)
def status(opportunity_id: int) -> ResponseReturnValue:
    """Won, lost, abandoned, or open again."""
    opportunity = access.opportunity(opportunity_id, to=me())
    form = StatusForm.read(request.form)
    redraw = _truth_of(opportunity, form.version, opportunity.stage_id)
    on_refusal(redraw)
    before = opportunity.status
    with transaction():
        moves.set_status(
            opportunity, form.status, by=me(), answers=form.answers, via=form.via, seen_version=form.version
        )
    if opportunity.status is not before:
        flash(f"{opportunity.title} is {form.status}{' again' if opportunity.is_open else ''}.", "good")
    return _done(opportunity, redraw)


@bp.app_errorhandler(AnswersNeeded)
def ask(needed: AnswersNeeded) -> ResponseReturnValue:
    """One dialog for everything that is missing; sending it sends the same request again, with the answers."""
    opportunity, questions = needed.opportunity, needed.questions
    given = {name: request.form.getlist(name) for name in ("reason_id", "note", "ticks")}
    moves_on = needed.to is not opportunity.stage
    return dialog_page(
        "moves/_answers.html",
        *truth_again(),
        page="moves/page.html",
        status=422,
        title=f"Move {opportunity.title} to {needed.to.name}" if moves_on else f"Close {opportunity.title}",
        verb=f"Move to {needed.to.name}" if moves_on else "Save",
        needed=needed,
        questions=questions,
        given=given,
        again=_again(),
        back=_page(opportunity.id),
    )


@bp.errorhandler(Conflict)
def choose(conflict: Conflict) -> ResponseReturnValue:
    """Who changed what meanwhile, how it stands now, and whether to keep that or to do it all the same."""
    opportunity = conflict.opportunity
    wanted = request.form.get("stage_id", type=int)
    target = next((stage for stage in opportunity.pipeline.stages if stage.id == wanted), None)
    return dialog_page(
        "moves/_conflict.html",
        *truth_again(),
        page="moves/page.html",
        status=409,
        title=f"{opportunity.title} was moved meanwhile",
        conflict=conflict,
        opportunity=opportunity,
        target=target,
        again={**_again(*ANSWERS), "version": [str(opportunity.version)]},
        back=_page(opportunity.id),
    )


ANSWERS = ("reason_id", "note", "ticks")
IN_DIALOG = "in_dialog"
"""What the forms of a dialog carry: only their answer closes it, not that of a card dragged meanwhile."""


def _again(*kept: str) -> dict[str, list[str]]:
    """The fields of this request, to be sent again by another form; answers only where they are not asked for anew."""
    left_out = {"csrf_token", IN_DIALOG, *ANSWERS} - set(kept)
    return {name: values for name, values in request.form.lists() if name not in left_out}


def _page(opportunity_id: int) -> str:
    if request.values.get("back") == "record":
        return url_for("opportunities.show", opportunity_id=opportunity_id)
    return origin.asked_from(url_for("board.show"))


def _truth_of(opportunity: Opportunity, seen_version: int | None, target: int) -> Callable[[], list[Fragment]]:
    """The record where it is open; the card in its place, and the heads of the columns that a move may touch: where it
    was seen, is, and was to go.
    """
    page = _page(opportunity.id)
    before = opportunity.stage_id

    def draw() -> list[Fragment]:
        seen = moves.stage_id_at(opportunity, seen_version)
        stages = {before, seen, target}
        return [*record.after_move(opportunity), *beneath.card(opportunity, stages, page=page)]

    return draw


def _done(opportunity: Opportunity, redraw: Callable[[], list[Fragment]]) -> ResponseReturnValue:
    fragments = redraw() if is_htmx() else []
    if not fragments:
        return go(_page(opportunity.id))
    return partials(*fragments, *([NO_DIALOG] if IN_DIALOG in request.form else []))
