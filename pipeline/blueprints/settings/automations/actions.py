"""What an automation does: its actions, in order."""

from dataclasses import dataclass

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.automations.action_forms import ActionForm, asking
from pipeline.blueprints.settings.automations.blueprint import bp
from pipeline.blueprints.settings.automations.forms import TimingForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import actions, automations
from pipeline.domain.access import Permission
from pipeline.domain.actions.base import ActionSettings, ActionType
from pipeline.domain.rules import NotVisible
from pipeline.models.automation import Action, ActionKind, Automation
from pipeline.queries import settings_automations as setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


@dataclass(frozen=True)
class Asked:
    """The page that asks for one action: its kind, what the kind asks, and when it is taken."""

    automation: Automation
    kind: ActionType
    fields: ActionForm
    timing: TimingForm
    action: Action | None = None

    def settings(self) -> ActionSettings:
        return self.kind.Settings.model_validate(self.fields.told())

    @property
    def is_right(self) -> bool:
        told, timed = self.fields.validate(), self.timing.validate_on_submit()
        return told and timed

    def answer(self, status: int = 200) -> ResponseReturnValue:
        return page("settings/automations/action.html", asked=self, tags=setup.tag_names(), status=status)


@bp.get("/<int:automation_id>/actions/new")
@requires(Permission.ADMINISTER)
def new_action(automation_id: int) -> ResponseReturnValue:
    return asked_new(automation_id).answer()


@bp.post("/<int:automation_id>/actions")
@requires(Permission.ADMINISTER)
def add_action(automation_id: int) -> ResponseReturnValue:
    asked = asked_new(automation_id)
    again = refusing_into(asked.timing, lambda: asked.answer(422))
    if not asked.is_right:
        return again()
    with transaction():
        settings = asked.settings()
        delay, unit = asked.timing.delay.data or 0, asked.timing.unit.data
        automations.add_action(asked.automation, asked.kind.kind, settings, delay=delay, unit=unit, by=me())
    return back_to(automation_id)


@bp.get("/<int:automation_id>/actions/<int:action_id>")
@requires(Permission.ADMINISTER)
def show_action(automation_id: int, action_id: int) -> ResponseReturnValue:
    return asked_known(automation_id, action_id).answer()


@bp.post("/<int:automation_id>/actions/<int:action_id>")
@requires(Permission.ADMINISTER)
def change_action(automation_id: int, action_id: int) -> ResponseReturnValue:
    asked = asked_known(automation_id, action_id)
    again = refusing_into(asked.timing, lambda: asked.answer(422))
    if not asked.is_right:
        return again()
    with transaction():
        action, settings = setup.action(automation_id, action_id), asked.settings()
        delay, unit = asked.timing.delay.data or 0, asked.timing.unit.data
        automations.change_action(action, settings, delay=delay, unit=unit, by=me())
    flash("The action was saved. Runs that have begun go on as they began.", "good")
    return back_to(automation_id)


@bp.post("/<int:automation_id>/actions/<int:action_id>/removal")
@requires(Permission.ADMINISTER)
def remove_action(automation_id: int, action_id: int) -> ResponseReturnValue:
    with transaction():
        automations.remove_action(setup.action(automation_id, action_id), by=me())
    flash("The action was removed.", "good")
    return back_to(automation_id)


@bp.post("/<int:automation_id>/actions/<int:action_id>/place")
@requires(Permission.ADMINISTER)
def place_action(automation_id: int, action_id: int) -> ResponseReturnValue:
    places = -1 if request.form.get("to") == "earlier" else 1
    with transaction():
        automations.move_action(setup.action(automation_id, action_id), places, by=me())
    return back_to(automation_id)


def asked_new(automation_id: int) -> Asked:
    wanted = request.args.get("kind", "")
    if wanted not in set(ActionKind):
        raise NotVisible("kind of action")
    kind = ActionKind(wanted)
    return Asked(setup.automation(automation_id), actions.of_kind(kind), asking(kind, request.form), TimingForm())


def asked_known(automation_id: int, action_id: int) -> Asked:
    action = setup.action(automation_id, action_id)
    fields = asking(action.kind, request.form, action.settings)
    timing = TimingForm(data={"delay": action.delay, "unit": action.delay_unit})
    return Asked(action.automation, actions.of_kind(action.kind), fields, timing, action)


def back_to(automation_id: int) -> ResponseReturnValue:
    return go(url_for("automations.show", automation_id=automation_id) + "#does")
