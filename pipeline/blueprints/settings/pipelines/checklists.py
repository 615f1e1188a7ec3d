"""What the stages of a pipeline ask to be ticked."""

from flask import flash
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.forms import ItemForm, PlaceForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import checklist_templates
from pipeline.domain.access import Permission
from pipeline.queries import settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.post("/<int:pipeline_id>/stages/<int:stage_id>/items")
@requires(Permission.ADMINISTER)
def add_item(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    stage = settings_setup.stage(pipeline_id, stage_id)
    form = ItemForm()
    panel = page.checklist_panel(stage, form=form)
    again = refusing_into(form, lambda: page.show(stage.pipeline, "stages", panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        item = checklist_templates.add(stage, form.text.data or "", by=me(), is_required=form.is_required.data)
    flash(f"“{item.text}” was added to the checklist of {stage.name}.", "good")
    return _changed(pipeline_id, stage_id)


@bp.post("/<int:pipeline_id>/items/<int:item_id>")
@requires(Permission.ADMINISTER)
def change_item(pipeline_id: int, item_id: int) -> ResponseReturnValue:
    item = settings_setup.item(pipeline_id, item_id)
    form = ItemForm()
    panel = page.checklist_panel(item.stage, item.id, form)
    again = refusing_into(form, lambda: page.show(item.stage.pipeline, "stages", panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        checklist_templates.change(item, by=me(), text=form.text.data or "", is_required=form.is_required.data)
    flash(f"“{item.text}” was saved.", "good")
    return _changed(pipeline_id, item.stage_id)


@bp.post("/<int:pipeline_id>/items/<int:item_id>/place")
@requires(Permission.ADMINISTER)
def place_item(pipeline_id: int, item_id: int) -> ResponseReturnValue:
    item = settings_setup.item(pipeline_id, item_id)
    form = PlaceForm()
    if form.validate_on_submit():
        with transaction():
            checklist_templates.place(item, form.position.data or 0, by=me())
    return _changed(pipeline_id, item.stage_id)


@bp.post("/<int:pipeline_id>/items/<int:item_id>/drop")
@requires(Permission.ADMINISTER)
def drop_item(pipeline_id: int, item_id: int) -> ResponseReturnValue:
    item = settings_setup.item(pipeline_id, item_id)
    with transaction():
        checklist_templates.drop(item, by=me())
    flash(f"“{item.text}” is not asked for any more; what was ticked stays ticked.", "good")
    return _changed(pipeline_id, item.stage_id)


def _changed(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """The stages again, with the checklist still open."""
    stage = settings_setup.stage(pipeline_id, stage_id)
    blank = ItemForm(formdata=None)
    return page.changed(stage.pipeline, "stages", panel=page.checklist_panel(stage, form=blank))
