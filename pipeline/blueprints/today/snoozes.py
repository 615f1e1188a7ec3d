"""Putting off what cannot be done today: a task or a next action to another day; a deal without one rests."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.blueprints.today import agenda
from pipeline.blueprints.today.blueprint import bp
from pipeline.domain import access, activities, snoozing
from pipeline.domain.access import Permission
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from pipeline.web import formats, later
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page
from pipeline.web.later import SnoozeForm


@bp.get("/tasks/<int:activity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_for_task(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    activities.refuse_unless_theirs(activity, by=me())
    return _asked_about_task(activity, SnoozeForm(), status=200)


@bp.post("/tasks/<int:activity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def snooze_task(activity_id: int) -> ResponseReturnValue:
    activity, form = access.activity(activity_id, to=me()), SnoozeForm()
    again = refusing_into(form, lambda: _asked_about_task(activity, form, status=422), at="day")
    if not form.validate() or (day := form.day.data) is None:
        return again()
    with transaction():
        snoozing.put_off(activity, day, by=me())
    flash(f"{activity.title}: {formats.weekday(day)}.", "good")
    return agenda.redrawn(NO_DIALOG)


@bp.get("/opportunities/<int:opportunity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_for_next_action(opportunity_id: int) -> ResponseReturnValue:
    return _asked_about_step(access.editable_opportunity(opportunity_id, by=me()), SnoozeForm(), status=200)


@bp.post("/opportunities/<int:opportunity_id>/snooze")
@requires(Permission.OPPORTUNITY_EDIT)
def snooze_next_action(opportunity_id: int) -> ResponseReturnValue:
    """Only its day: what is to be done, and at what time, stays."""
    opportunity, form = access.opportunity(opportunity_id, to=me()), SnoozeForm()
    again = refusing_into(form, lambda: _asked_about_step(opportunity, form, status=422), at="day")
    if not form.validate() or (day := form.day.data) is None:
        return again()
    with transaction():
        snoozing.put_off_step(opportunity, day, by=me())
    flash(f"{opportunity.next_action or opportunity.title}: {formats.weekday(day)}.", "good")
    return agenda.redrawn(NO_DIALOG)


def _asked_about_task(activity: Activity, form: SnoozeForm, *, status: int) -> ResponseReturnValue:
    return _asked(activity.title, url_for("today.snooze_task", activity_id=activity.id), form, status)


def _asked_about_step(opportunity: Opportunity, form: SnoozeForm, *, status: int) -> ResponseReturnValue:
    url = url_for("today.snooze_next_action", opportunity_id=opportunity.id)
    return _asked(opportunity.next_action or "Next step", url, form, status)


def _asked(what: str, url: str, form: SnoozeForm, status: int) -> ResponseReturnValue:
    return dialog_page(
        "later/_dialog.html",
        page="later/page.html",
        status=status,
        title=f"Snooze “{what}”",
        hint="It stands here again on that day.",
        url=url,
        choices=later.choices(me()),
        form=form,
        earliest=clock.today(me()),
        known=None,
        back=url_for("today.show", who=agenda.whose()),
    )
