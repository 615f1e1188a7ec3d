"""The products on an opportunity, line by line: put on, changed in place, taken off."""

from typing import TypedDict

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.line_form import LineForm, NewLineForm, TermsForm
from pipeline.domain import access, lines
from pipeline.domain.access import Permission
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import Bundle
from pipeline.transaction import transaction
from pipeline.web import errors
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx

bp = Blueprint("opportunity_lines", __name__, url_prefix="/opportunities/<int:opportunity_id>/lines")
TOLD = ("lines", "buy_now", "orders", "facts")
"""The regions of a record that a change of its lines is seen in."""


class Terms(TypedDict):
    """For how much a line is sold."""

    quantity: int
    discount: int
    price_override: int | None


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index(opportunity_id: int) -> ResponseReturnValue:
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    return record.regions(opportunity_id, "lines")


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    return _asked(opportunity_id, NewLineForm.offering(opportunity))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    g.line_form = form = NewLineForm.offering(opportunity)
    if not form.validate():
        return _asked(opportunity_id, form, status=422)
    with transaction():
        chosen = form.chosen()
        if isinstance(chosen, Bundle):
            lines.add_bundle(opportunity, chosen, by=me())
        else:
            lines.add(opportunity, chosen, by=me(), **_terms(form))
    return record.redrawn(opportunity, *TOLD)


@bp.get("/<int:line_id>/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(opportunity_id: int, line_id: int) -> ResponseReturnValue:
    line = _line(access.editable_opportunity(opportunity_id, by=me()), line_id)
    return _asked(opportunity_id, LineForm.of(line), line_id)


@bp.post("/<int:line_id>")
@requires(Permission.OPPORTUNITY_EDIT)
def update(opportunity_id: int, line_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    line = _line(opportunity, line_id)
    g.line_form = form = LineForm.of(line)
    if not form.validate():
        return _asked(opportunity_id, form, line_id, status=422)
    with transaction():
        lines.change(line, by=me(), seen_version=form.version.data, **_terms(form))
    return record.redrawn(opportunity, *TOLD)


@bp.post("/<int:line_id>/deletion")
@requires(Permission.OPPORTUNITY_EDIT)
def destroy(opportunity_id: int, line_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    line = _line(opportunity, line_id)
    with transaction():
        lines.drop(line, by=me())
    return record.redrawn(opportunity, *TOLD)


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The form again, with what was typed and what is wrong; after a conflict with the version of now."""
    form: TermsForm | None = g.pop("line_form", None)
    if form is None or isinstance(broken, NotVisible | NotAllowed):
        return errors.rule_broken(broken)
    form.form_errors.append(broken.message)
    if isinstance(broken, Conflict) and isinstance(form, LineForm):
        form.version.raw_data, form.version.data = None, broken.opportunity.version
    asked = request.view_args or {}
    return _asked(asked["opportunity_id"], form, asked.get("line_id"), status=errors.status_of(broken))


def _asked(
    opportunity_id: int, form: TermsForm, line_id: int | None = None, *, status: int = 200
) -> ResponseReturnValue:
    """The lines, one of them as a form; without a line's number below them the form of a new one."""
    return record.regions(opportunity_id, "lines", editing="line", line=line_id, form=form, status=status)


def _line(opportunity: Opportunity, line_id: int) -> OpportunityLine:
    line = db.session.get(OpportunityLine, line_id)
    if line is None or line.opportunity_id != opportunity.id:
        raise NotVisible("line")
    return line


def _terms(form: TermsForm) -> Terms:
    return Terms(
        quantity=form.quantity.data or 1,
        discount=form.discount.data or 0,
        price_override=form.price_override.data,
    )
