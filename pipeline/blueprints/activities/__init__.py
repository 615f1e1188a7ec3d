"""Tasks wherever they are shown: done, undone, changed and dropped in place.

`place` says where the form stood (`record` or `today`), so that the answer redraws that.
"""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.activities.form import KIND_NAMES, ActivityForm
from pipeline.blueprints.opportunities import record
from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.blueprints.today import agenda
from pipeline.domain import access, activities, changes
from pipeline.domain.access import Permission
from pipeline.domain.rules import ChangedMeanwhile, RuleBroken
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity
from pipeline.queries import staff
from pipeline.queries.changed_fields import Clash, read_back
from pipeline.transaction import transaction
from pipeline.web import toasts
from pipeline.web.auth import me, requires
from pipeline.web.globals import dom_id
from pipeline.web.htmx import form_page, go, is_htmx, partials

bp = Blueprint("activities", __name__, url_prefix="/activities")
bp.register_error_handler(RuleBroken, refused)


@bp.app_context_processor
def names() -> dict[str, Any]:
    return {"activity_kinds": KIND_NAMES, "call_outcomes": activities.CALL_OUTCOMES, "next_days": next_days}


def next_days() -> list[tuple[str, date]]:
    """The days that a next step is mostly put on, by the calendar of who asks."""
    today = clock.today(me())
    return [
        ("Tomorrow", today + timedelta(days=1)),
        ("In 3 days", today + timedelta(days=3)),
        ("Next week", today + timedelta(days=7)),
    ]


@bp.get("/<int:activity_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    if not is_htmx():
        return go(_home(activity))
    return agenda.redrawn() if _place() == "today" else _drawn(activity, editing=None, left=True)


@bp.get("/<int:activity_id>/edit")
@requires(Permission.OPPORTUNITY_EDIT)
def edit(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    activities.refuse_unless_theirs(activity, by=me())
    if is_htmx():
        return _drawn(activity, editing=dom_id(activity))
    if _place() == "today" or activity.opportunity is None:
        return render_template("activities/edit.html", **_known(activity, editing=dom_id(activity)))
    return record.whole(activity.opportunity.id, editing=dom_id(activity))


@bp.post("/<int:activity_id>")
@requires(Permission.OPPORTUNITY_EDIT)
def update(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    form = ActivityForm()
    again = refusing_into(form, lambda: _form_again(activity, form, status=422))
    if not form.validate():
        return again()
    with transaction():
        activities.change(activity, by=me(), seen_version=form.version.data, **form.values())
    return _redrawn(activity)


@bp.errorhandler(ChangedMeanwhile)
def choose(broken: ChangedMeanwhile) -> ResponseReturnValue:
    """The task's form again, with what somebody else made of it beside what was typed, and the version of now."""
    activity = access.activity((request.view_args or {})["activity_id"], to=me())
    form = ActivityForm()
    clash = Clash(broken.message, broken.at, read_back(changes.between(activity, form.values())))
    return _form_again(activity, form, clash=clash, status=409)


@bp.post("/<int:activity_id>/completion")
@requires(Permission.OPPORTUNITY_EDIT)
def complete(activity_id: int) -> ResponseReturnValue:
    """Done; what is next is asked in the same breath."""
    activity = access.activity(activity_id, to=me())
    with transaction():
        activities.complete(activity, by=me(), outcome=request.form.get("outcome", ""))
    back = toasts.way(url_for("activities.reopen", activity_id=activity_id), place=_place())
    toasts.say(f"“{activity.title}” is done.", undo=back)
    return _redrawn(activity, offered=activity.kind)


@bp.post("/<int:activity_id>/completion/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def reopen(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    with transaction():
        activities.reopen(activity, by=me())
    toasts.forget()
    return _redrawn(activity)


@bp.post("/<int:activity_id>/removal")
@requires(Permission.OPPORTUNITY_EDIT)
def drop(activity_id: int) -> ResponseReturnValue:
    activity = access.activity(activity_id, to=me())
    with transaction():
        activities.drop(activity, by=me())
    return _redrawn(activity)


def _drawn(activity: Activity, *, editing: str | None, **more: Any) -> ResponseReturnValue:
    """The one task, as it reads or as its form; with the focus back on it once its form was `left`."""
    return partials(("activities/_task.html", _known(activity, editing=editing, **more)))


def _form_again(activity: Activity, form: ActivityForm, *, status: int, **more: Any) -> ResponseReturnValue:
    """Its form with what was typed and what is wrong with it."""
    return form_page(
        "activities/edit.html",
        ("activities/_task.html", _known(activity, editing=dom_id(activity), sent=form, **more)),
        status=status,
    )


def _known(activity: Activity, *, editing: str | None, **more: Any) -> dict[str, Any]:
    shown = _place() == "today" and activity.opportunity and access.may_see(me(), activity.opportunity)
    return {
        "task": activity,
        "editing": editing,
        "may_edit": True,
        "place": _place(),
        "about": activity.opportunity if shown else None,
        "people": staff.who_can_sign_in() if editing else [],
        "sent": None,
        "clash": None,
        **more,
    }


def _redrawn(activity: Activity, **more: Any) -> ResponseReturnValue:
    """Where the task stood, after it changed."""
    if _place() == "today" or activity.opportunity is None:
        return agenda.redrawn(about=_to_go_on_with(activity), **more)
    return record.redrawn(activity.opportunity, "tasks", **more)


def _to_go_on_with(activity: Activity) -> Opportunity | None:
    """The deal for which a next task may be planned, once this one is done."""
    deal = activity.opportunity
    return deal if deal and access.may_see(me(), deal) and access.why_not_editable(deal, by=me()) is None else None


def _place() -> str:
    return "today" if request.values.get("place") == "today" else "record"


def _home(activity: Activity) -> str:
    if _place() == "today" or activity.opportunity_id is None:
        return url_for("today.show")
    return url_for("opportunities.show", opportunity_id=activity.opportunity_id)
