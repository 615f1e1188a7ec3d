"""The automations of each pipeline: list, make, change, switch, delete."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.automations.blueprint import bp
from pipeline.blueprints.settings.automations.forms import MOVE, SwitchForm, TriggerForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import automations
from pipeline.domain.access import Permission
from pipeline.models.automation import Automation
from pipeline.models.pipeline import Pipeline
from pipeline.queries import reading
from pipeline.queries import settings_automations as setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return page("settings/automations/index.html", pipelines=setup.pipelines())


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    pipeline = setup.pipeline(reading.number(request.args, "pipeline"))
    return asked(pipeline, TriggerForm.offering(pipeline, wanted=request.args.get("trigger", MOVE)))


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    pipeline = setup.pipeline(reading.number(request.args, "pipeline"))
    form = TriggerForm.offering(pipeline)
    again = refusing_into(form, lambda: asked(pipeline, form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        made = automations.create(pipeline, form.name.data or "", form.chosen(pipeline), by=me())
    flash("Now say what it does, and switch it on.", "good")
    return go(url_for("automations.show", automation_id=made.id))


@bp.get("/<int:automation_id>")
@requires(Permission.ADMINISTER)
def show(automation_id: int) -> ResponseReturnValue:
    automation = setup.automation(automation_id)
    return shown(automation, TriggerForm.offering(automation.pipeline, automation))


@bp.post("/<int:automation_id>")
@requires(Permission.ADMINISTER)
def update(automation_id: int) -> ResponseReturnValue:
    automation = setup.automation(automation_id)
    form = TriggerForm.offering(automation.pipeline, automation)
    again = refusing_into(form, lambda: shown(automation, form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        automations.change(automation, form.name.data or "", form.chosen(automation.pipeline), by=me())
    flash(f"“{automation.name}” was saved. Runs that have begun go on as they began.", "good")
    return go(url_for("automations.show", automation_id=automation.id))


@bp.post("/<int:automation_id>/activation")
@requires(Permission.ADMINISTER)
def switch_on(automation_id: int) -> ResponseReturnValue:
    automation = setup.automation(automation_id)
    with transaction():
        automations.switch_on(automation, by=me())
    flash(f"“{automation.name}” is on.", "good")
    return go(url_for("automations.show", automation_id=automation.id))


@bp.post("/<int:automation_id>/deactivation")
@requires(Permission.ADMINISTER)
def switch_off(automation_id: int) -> ResponseReturnValue:
    automation = setup.automation(automation_id)
    with transaction():
        cancelled = automations.switch_off(automation, cancel_pending=SwitchForm().cancel_pending.data, by=me())
    flash(f"“{automation.name}” is off. {said(cancelled)}", "good")
    return go(url_for("automations.show", automation_id=automation.id))


@bp.post("/<int:automation_id>/deletion")
@requires(Permission.ADMINISTER)
def delete(automation_id: int) -> ResponseReturnValue:
    automation = setup.automation(automation_id)
    with transaction():
        cancelled = automations.archive(automation, by=me())
    flash(f"“{automation.name}” was deleted. {said(cancelled)}", "good")
    return go(url_for("automations.index"))


def said(cancelled: int) -> str:
    if not cancelled:
        return ""
    return "One pending step was cancelled." if cancelled == 1 else f"{cancelled} pending steps were cancelled."


def asked(pipeline: Pipeline, form: TriggerForm, *, status: int = 200) -> ResponseReturnValue:
    return page("settings/automations/new.html", pipeline=pipeline, form=form, status=status)


def shown(automation: Automation, form: TriggerForm, *, status: int = 200) -> ResponseReturnValue:
    context = {"setup": setup.setup_of(automation), "form": form, "switch": SwitchForm(formdata=None)}
    return page("settings/automations/show.html", status=status, **context)
