"""The facts of an opportunity, group by group: read, edit in place, change. Two who change the same one are told."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.fact_form import FactForm
from pipeline.blueprints.opportunities.fact_groups import GROUPS
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.queries.changed_fields import Clash
from pipeline.transaction import transaction
from pipeline.web import errors
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, is_htmx

bp = Blueprint(
    "opportunity_facts",
    __name__,
    url_prefix=f"/opportunities/<int:opportunity_id>/facts/<any({','.join(GROUPS)}):group>",
)

ALSO = {"owner": ("sharing",), "contact": ("contact",), "next_action": ("tasks",)}
"""What else a group's change is seen in."""


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int, group: str) -> ResponseReturnValue:
    if not is_htmx():
        return go(url_for("opportunities.show", opportunity_id=opportunity_id))
    return record.regions(opportunity_id, "fact", group=group, refocus=group)


@bp.get("/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(opportunity_id: int, group: str) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    return _form(opportunity_id, group, GROUPS[group].about(opportunity))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def update(opportunity_id: int, group: str) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = GROUPS[group].about(opportunity)
    if not form.validate():
        return _form(opportunity_id, group, form, status=422)
    with transaction():
        form.apply(opportunity, by=me())
    regions = ("fact", *ALSO.get(group, ()))
    return record.redrawn(opportunity, *regions, group=group, refocus=group)


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The form again, with what was typed and what is wrong; after a conflict, both values and the version of now."""
    if isinstance(broken, NotVisible | NotAllowed) or request.method == "GET":
        return errors.rule_broken(broken)
    opportunity_id, group = request.view_args["opportunity_id"], request.view_args["group"]  # type: ignore[index]
    opportunity = access.opportunity(opportunity_id, to=me())
    form = GROUPS[group].about(opportunity)
    clash, status = form.refused(broken, opportunity)
    return _form(opportunity_id, group, form, clash=clash, status=status)


def _form(
    opportunity_id: int, group: str, form: FactForm, *, clash: Clash | None = None, status: int = 200
) -> ResponseReturnValue:
    return record.regions(opportunity_id, "fact", editing=group, group=group, form=form, clash=clash, status=status)
