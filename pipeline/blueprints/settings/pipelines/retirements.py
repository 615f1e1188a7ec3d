"""Retiring a stage: choose where its opportunities go, see what that touches, then do it."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.forms import RetirementForm
from pipeline.blueprints.settings.pipelines.page import Panel
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import stage_retirement
from pipeline.domain.access import Permission
from pipeline.domain.readiness import Answers
from pipeline.models.pipeline import Stage
from pipeline.queries import reading, settings_retirement, settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.get("/<int:pipeline_id>/stages/<int:stage_id>/retirement")
@requires(Permission.ADMINISTER)
def preview(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """First without a target, to choose one; then with it, to see all that retiring the stage would do."""
    stage = settings_setup.stage(pipeline_id, stage_id)
    target = _target(stage, reading.number(request.args, "target"))
    return page.show(stage.pipeline, "stages", panel=panel(stage, target))


@bp.post("/<int:pipeline_id>/stages/<int:stage_id>/retirement")
@requires(Permission.ADMINISTER)
def retire_stage(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    stage = settings_setup.stage(pipeline_id, stage_id)
    pipeline, target = stage.pipeline, _target(stage, reading.number(request.form, "target"))
    retirement = settings_retirement.preview(stage, target)
    form = RetirementForm.among(retirement.targets, retirement.reasons)
    again = refusing_into(form, lambda: page.show(pipeline, "stages", panel=panel(stage, target, form), status=422))
    if not form.validate_on_submit():
        return again()
    answers = Answers(reason_id=int(form.reason.data) if form.reason.data else None, note=form.note.data or "")
    with transaction():
        moved = stage_retirement.retire(stage, target, by=me(), answers=answers, fate=form.fate.data)
    flash(_said(stage, target, moved), "good")
    return page.changed(pipeline, "stages", "settings", "won", "lost")


def panel(stage: Stage, target: Stage | None, form: RetirementForm | None = None) -> Panel:
    retirement = settings_retirement.preview(stage, target)
    chosen = str(target.id) if target else ""
    form = form or RetirementForm.among(retirement.targets, retirement.reasons, target=chosen)
    return Panel("retirement", stage.id, form.called(f"retire-{stage.id}"), retirement=retirement)


def _target(stage: Stage, number: int | None) -> Stage | None:
    return settings_setup.stage(stage.pipeline_id, number) if number else None


def _said(stage: Stage, target: Stage | None, moved: int) -> str:
    if target is None or not moved:
        return f"{stage.name} was retired."
    went = "1 opportunity went" if moved == 1 else f"{moved} opportunities went"
    return f"{stage.name} was retired; {went} to {target.name}."
