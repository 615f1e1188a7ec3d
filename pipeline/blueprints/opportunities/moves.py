"""Moving an opportunity, and setting its status: by drag, by menu, from its record, with JavaScript or without.

A refusal is answered with the true columns, and with one dialog where the person can answer it.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import places
from pipeline.blueprints.opportunities.move_answers import IN_DIALOG, done, page_of, say, truth_of
from pipeline.blueprints.opportunities.move_forms import MoveForm, StatusForm
from pipeline.domain import access, automation, holding, moves, readiness
from pipeline.domain.access import Permission
from pipeline.domain.rules import AnswersNeeded, Conflict
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage
from pipeline.queries import reading
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import dialog_page, go, is_htmx, on_refusal, truth_again

bp = Blueprint("moves", __name__, url_prefix="/opportunities/<int:opportunity_id>")


@bp.get("/moves/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """Where it could go: a button for each stage; or, once one is named, what would happen if it went there."""
    opportunity = access.editable_opportunity(opportunity_id, by=me(), options=holding.BEFOREHAND)
    if "stage_id" in request.args:
        return _look_first(opportunity, MoveForm.read(request.args).stage(opportunity.pipeline))
    page = page_of(opportunity_id)
    place = {"beside": places.beside(opportunity, page), "is_by_hand": places.matters(page)}
    asked = {"opportunity": opportunity, "back": page, **place}
    if is_htmx():
        return render_template("moves/_menu.html", level=2, **asked)
    return render_template("moves/page.html", dialog="moves/_menu.html", title=f"Move {opportunity.title}", **asked)


@bp.get("/moves/foreseen")
@requires(Permission.OPPORTUNITY_EDIT)
def foresee(opportunity_id: int) -> ResponseReturnValue:
    """A line for each stage that something would follow from, to be read while the card is dragged."""
    if not is_htmx():
        return go(url_for("moves.new", opportunity_id=opportunity_id))
    opportunity = access.editable_opportunity(opportunity_id, by=me(), options=holding.BEFOREHAND)
    foreseen = automation.foreseen_everywhere(opportunity, opportunity.pipeline.stages)
    return render_template("moves/_drag_lines.html", foreseen=foreseen)


@bp.post("/moves")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    with transaction():
        opportunity, highest = holding.take_for(opportunity_id, reading.number(request.form, "stage_id"), to=me())
        form = MoveForm.read(request.form)
        source, redraw = opportunity.stage_id, truth_of(opportunity, form.version, form.stage_id)
        on_refusal(redraw)
        change = moves.move(
            opportunity,
            form.stage(opportunity.pipeline),
            by=me(),
            answers=form.answers,
            via=form.via,
            seen_version=form.version,
            after_id=form.after_id,
            highest=highest,
        )
    if opportunity.stage_id != source:
        say(opportunity, f"Moved {opportunity.title} to {opportunity.stage.name}.", undo=change)
    return done(opportunity, redraw)


@bp.post("/status")
@requires(Permission.OPPORTUNITY_EDIT)
def status(opportunity_id: int) -> ResponseReturnValue:
    """Won, lost, abandoned, or open again."""
    with transaction():
        opportunity = holding.take(opportunity_id, to=me())
        form = StatusForm.read(request.form)
        before, redraw = opportunity.status, truth_of(opportunity, form.version, opportunity.stage_id)
        on_refusal(redraw)
        change = moves.set_status(
            opportunity, form.status, by=me(), answers=form.answers, via=form.via, seen_version=form.version
        )
    if opportunity.status is not before:
        say(opportunity, f"{opportunity.title} is {form.status}{' again' if opportunity.is_open else ''}.", undo=change)
    return done(opportunity, redraw)


@bp.app_errorhandler(AnswersNeeded)
def ask(needed: AnswersNeeded) -> ResponseReturnValue:
    """One dialog for everything that is missing; sending it sends the same request again, with the answers."""
    shown = truth_again()
    return dialog_page(
        "moves/_answers.html",
        *shown,
        page="moves/page.html",
        status=422,
        questions=needed.questions,
        given={name: request.form.getlist(name) for name in ANSWERS},
        again=_again(),
        action=request.path,
        **_going(needed.opportunity, needed.to),
    )


def _look_first(opportunity: Opportunity, to: Stage) -> ResponseReturnValue:
    """The same dialog, though nothing is missing: to see what will happen, and leave some of it out."""
    asked = {
        "questions": readiness.questions(opportunity, to),
        "given": dict.fromkeys(ANSWERS, ()),
        "again": {"stage_id": [to.id], "version": [opportunity.version], "back": [page_of(opportunity.id)]},
        "action": url_for("moves.create", opportunity_id=opportunity.id),
        **_going(opportunity, to),
    }
    if is_htmx():
        return render_template("moves/_answers.html", level=2, **asked)
    return render_template("moves/page.html", dialog="moves/_answers.html", **asked)


def _going(opportunity: Opportunity, to: Stage) -> dict[str, Any]:
    """What is said of a move in its dialog, and what will follow from it."""
    moves_on = to is not opportunity.stage
    return {
        "opportunity": opportunity,
        "title": f"Move {opportunity.title} to {to.name}" if moves_on else f"Close {opportunity.title}",
        "verb": f"Move to {to.name}" if moves_on else "Save",
        "foreseen": automation.foreseen(opportunity, to),
        "back": page_of(opportunity.id),
    }


@bp.errorhandler(Conflict)
def choose(conflict: Conflict) -> ResponseReturnValue:
    """Who changed what meanwhile, how it stands now, and whether to keep that or to do it all the same."""
    opportunity = conflict.opportunity
    wanted = reading.number(request.form, "stage_id")
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
        back=page_of(opportunity.id),
    )


ANSWERS = ("reason_id", "note", "ticks", "wake_on", "skips")


def _again(*kept: str) -> dict[str, list[str]]:
    """The fields of this request, to be sent again by another form; answers only where they are not asked for anew."""
    left_out = {"csrf_token", IN_DIALOG, *ANSWERS} - set(kept)
    return {name: values for name, values in request.form.lists() if name not in left_out}
