"""Moving an opportunity, and setting its status: by drag, by menu, from its record, with JavaScript or without.

A refusal is answered with the true columns, and with one dialog where the person can answer it.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities.move_answers import IN_DIALOG, done, page_of, truth_of
from pipeline.blueprints.opportunities.move_forms import MoveForm, StatusForm
from pipeline.domain import access, moves
from pipeline.domain.access import Permission
from pipeline.domain.rules import AnswersNeeded, Conflict
from pipeline.transaction import transaction
from pipeline.web import toasts
from pipeline.web.auth import me, requires
from pipeline.web.htmx import dialog_page, is_htmx, on_refusal, truth_again

bp = Blueprint("moves", __name__, url_prefix="/opportunities/<int:opportunity_id>")


@bp.get("/moves/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """Where it could go: a button for each stage."""
    opportunity = access.opportunity(opportunity_id, to=me())
    access.refuse_unless_editable(opportunity, by=me())
    asked = {"opportunity": opportunity, "back": page_of(opportunity_id)}
    if is_htmx():
        return render_template("moves/_menu.html", level=2, **asked)
    return render_template("moves/page.html", dialog="moves/_menu.html", title=f"Move {opportunity.title}", **asked)


@bp.post("/moves")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    form = MoveForm.read(request.form)
    with transaction():
        opportunity = access.opportunity(opportunity_id, to=me(), options=moves.BEFOREHAND)
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
        )
    if opportunity.stage_id != source:
        toasts.say(f"Moved {opportunity.title} to {opportunity.stage.name}.", undo=change)
    return done(opportunity, redraw)


@bp.post("/status")
@requires(Permission.OPPORTUNITY_EDIT)
def status(opportunity_id: int) -> ResponseReturnValue:
    """Won, lost, abandoned, or open again."""
    form = StatusForm.read(request.form)
    with transaction():
        opportunity = access.opportunity(opportunity_id, to=me(), options=moves.BEFOREHAND)
        before, redraw = opportunity.status, truth_of(opportunity, form.version, opportunity.stage_id)
        on_refusal(redraw)
        change = moves.set_status(
            opportunity, form.status, by=me(), answers=form.answers, via=form.via, seen_version=form.version
        )
    if opportunity.status is not before:
        toasts.say(f"{opportunity.title} is {form.status}{' again' if opportunity.is_open else ''}.", undo=change)
    return done(opportunity, redraw)


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
        back=page_of(opportunity.id),
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
        back=page_of(opportunity.id),
    )


ANSWERS = ("reason_id", "note", "ticks", "wake_on", "skips")


def _again(*kept: str) -> dict[str, list[str]]:
    """The fields of this request, to be sent again by another form; answers only where they are not asked for anew."""
    left_out = {"csrf_token", IN_DIALOG, *ANSWERS} - set(kept)
    return {name: values for name, values in request.form.lists() if name not in left_out}
