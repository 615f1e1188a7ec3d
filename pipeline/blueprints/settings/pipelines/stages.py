"""The stages of a pipeline: add, change, put in order."""

from flask import flash
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.forms import PlaceForm, StageForm
from pipeline.blueprints.settings.pipelines.page import Panel
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import stages
from pipeline.domain.access import Permission
from pipeline.queries import settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.globals import dom_id


@bp.post("/<int:pipeline_id>/stages")
@requires(Permission.ADMINISTER)
def add_stage(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    form = StageForm()
    panel = Panel("new-stage", form=form.called("new-stage"))
    again = refusing_into(form, lambda: page.show(pipeline, "stages", panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        stage = stages.add(pipeline, by=me(), **form.values)
    flash(f"{stage.name} was added.", "good")
    return page.changed(pipeline, "stages", "settings", panel=Panel(focus=dom_id(stage, "edit")))


@bp.post("/<int:pipeline_id>/stages/<int:stage_id>")
@requires(Permission.ADMINISTER)
def change_stage(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    stage = settings_setup.stage(pipeline_id, stage_id)
    pipeline, form = stage.pipeline, StageForm()
    panel = page.stage_panel(stage, form)
    again = refusing_into(form, lambda: page.show(pipeline, "stages", panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        stages.change(stage, by=me(), **form.values)
    flash(f"{stage.name} was saved.", "good")
    return page.changed(pipeline, "stages", "settings", panel=Panel(focus=dom_id(stage, "edit")))


@bp.post("/<int:pipeline_id>/stages/<int:stage_id>/place")
@requires(Permission.ADMINISTER)
def place_stage(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    stage = settings_setup.stage(pipeline_id, stage_id)
    pipeline, form = stage.pipeline, PlaceForm()
    again = refusing_into(form, lambda: page.show(pipeline, "stages", status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        stages.place(stage, form.position.data or 0, by=me())
    flash(f"{stage.name} is stage {stage.position + 1} of {len(pipeline.stages)}.", "good")
    return page.changed(pipeline, "stages", "settings")
