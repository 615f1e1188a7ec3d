"""Putting off what cannot be done today: a task or a next action to another day; a deal without one rests."""

from datetime import date

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.today import agenda
from pipeline.blueprints.today.blueprint import bp
from pipeline.domain import access, activities, opportunities
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.transaction import transaction
from pipeline.web import formats, later
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page


@bp.get("/tasks/<int:activity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_for_task(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    activities.refuse_unless_theirs(activity, by=me())
    return _asked(activity.title, url_for("today.snooze_task", activity_id=activity_id))


@bp.post("/tasks/<int:activity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def snooze_task(activity_id: int) -> ResponseReturnValue:
    activity, day = access.activity(activity_id, to=me()), _chosen()
    with transaction():
        activities.change(activity, by=me(), due_on=day)
    flash(f"{activity.title}: {formats.weekday(day)}.", "good")
    return agenda.redrawn(NO_DIALOG)


@bp.get("/opportunities/<int:opportunity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_for_next_action(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    access.refuse_unless_editable(opportunity, by=me())
    url = url_for("today.snooze_next_action", opportunity_id=opportunity_id)
    return _asked(opportunity.next_action or "Next step", url)


@bp.post("/opportunities/<int:opportunity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def snooze_next_action(opportunity_id: int) -> ResponseReturnValue:
    """Only its day: what is to be done, and at what time, stays."""
    opportunity, day = access.opportunity(opportunity_id, to=me()), _chosen()
    with transaction():
        opportunities.change(opportunity, by=me(), next_action_on=day)
    flash(f"{opportunity.next_action or opportunity.title}: {formats.weekday(day)}.", "good")
    return agenda.redrawn(NO_DIALOG)


def _chosen() -> date:
    if (day := later.chosen(request.form)) is None:
        raise RuleBroken("Choose a day on which it shall stand here again.")
    return day


def _asked(what: str, url: str) -> ResponseReturnValue:
    return dialog_page(
        "later/_dialog.html",
        page="later/page.html",
        status=200,
        title=f"Snooze “{what}”",
        hint="It stands here again on that day.",
        url=url,
        choices=later.choices(me()),
        known=None,
        back=url_for("today.show", who=agenda.whose()),
    )
