"""Cells of the list, changed in their place by the forms of the record; the stage by the one way there is to move.

The answer is the row's cells and the totals above the list, drawn as the page that asked has them.
"""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from pipeline.blueprints.opportunities import list_state
from pipeline.blueprints.opportunities.fact_form import FactForm
from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.blueprints.opportunities.move_answers import say
from pipeline.blueprints.opportunities.move_forms import MoveForm
from pipeline.blueprints.opportunities.moves import ask
from pipeline.domain import access, moves
from pipeline.domain.access import Permission
from pipeline.domain.rules import AnswersNeeded, NotAllowed, NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries import opportunity_list, totals
from pipeline.queries.changed_fields import Clash
from pipeline.transaction import transaction
from pipeline.web import errors, origin
from pipeline.web.auth import me, requires
from pipeline.web.fields import choice
from pipeline.web.htmx import NO_DIALOG, go, is_htmx, partials


class StageForm(FactForm):
    heading = "Stage"
    fields = ("stage_id",)
    stage_id = SelectField("Stage", coerce=int, validate_choice=False)  # the verb knows better which it may be

    @classmethod
    def about(cls, opportunity: Opportunity) -> "StageForm":
        form = cls(obj=opportunity)
        form.stage_id.choices = [choice(stage.id, stage.name) for stage in opportunity.pipeline.stages]
        return form

    def differences(self, opportunity: Opportunity) -> list[Any]:
        return []

    def apply(self, opportunity: Opportunity, *, by: User) -> None:
        sent = MoveForm.read(request.form)
        change = moves.move(
            opportunity,
            sent.stage(opportunity.pipeline),
            by=by,
            answers=sent.answers,
            via=Via.LIST,
            seen_version=sent.version,
        )
        if change:
            say(opportunity, f"Moved {opportunity.title} to {opportunity.stage.name}.", undo=change)


FORMS: dict[str, type[FactForm]] = {
    "title": GROUPS["title"],
    "owner": GROUPS["owner"],
    "stage": StageForm,
    "value": GROUPS["value"],
    "close": GROUPS["forecast"],
    "next": GROUPS["next_action"],
}
bp = Blueprint(
    "opportunity_cells",
    __name__,
    url_prefix=f"/opportunities/<int:opportunity_id>/cells/<any({','.join(FORMS)}):column>",
)


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int, column: str) -> ResponseReturnValue:
    """The cell as it reads, when it is not to be changed after all."""
    opportunity = access.opportunity(opportunity_id, to=me())
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    [line] = opportunity_list.lines_of([opportunity.id], seen_by=me())
    return partials(("opportunities/_cell.html", {"line": line, "column": column, "refocus": column}))


@bp.get("/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(opportunity_id: int, column: str) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    return _form(opportunity, column, FORMS[column].about(opportunity))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def update(opportunity_id: int, column: str) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = FORMS[column].about(opportunity)
    if not form.validate():
        return _form(opportunity, column, form, status=422)
    with transaction():
        form.apply(opportunity, by=me())
    return _changed(opportunity, column)


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The form again, in its cell, with what is wrong; after a conflict with both values and the version of now."""
    if isinstance(broken, AnswersNeeded):
        return ask(broken)
    if isinstance(broken, NotVisible | NotAllowed) or request.method == "GET":
        return errors.rule_broken(broken)
    column = request.view_args["column"]  # type: ignore[index]
    opportunity = access.opportunity(request.view_args["opportunity_id"], to=me())  # type: ignore[index]
    form = FORMS[column].about(opportunity)
    clash, status = form.refused(broken, opportunity)
    return _form(opportunity, column, form, clash=clash, status=status)


def _form(
    opportunity: Opportunity, column: str, form: FactForm, *, clash: Clash | None = None, status: int = 200
) -> ResponseReturnValue:
    [line] = opportunity_list.lines_of([opportunity.id], seen_by=me())
    asked = {"opportunity": opportunity, "line": line, "column": column, "form": form, "clash": clash}
    return partials(("opportunities/_cell_form.html", asked), status=status)


def _changed(opportunity: Opportunity, column: str) -> ResponseReturnValue:
    """Every cell of the row, because one change may show in several; the page again when it is theirs no more."""
    page = origin.asked_from(url_for("opportunities.index"))
    if not is_htmx():
        return go(page)
    if not access.may_see(me(), opportunity):
        flash(f"Done. {opportunity.title} is not yours to see any more.", "good")
        return go(page)
    state = list_state.read(origin.query(page), seen_by=me())
    [line] = opportunity_list.lines_of([opportunity.id], seen_by=me())
    drawn = [("opportunities/_cell.html", {"line": line, "column": one, "refocus": column}) for one in state.columns]
    listed = {"listed": totals.of(state.filter, seen_by=me())}
    closed = [NO_DIALOG] if "in_dialog" in request.form else []
    return partials(*drawn, ("opportunities/_totals.html", listed), *closed)
