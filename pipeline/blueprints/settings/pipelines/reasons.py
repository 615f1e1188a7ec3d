"""Why deals are won or lost in a pipeline: the two lists that people choose from."""

from flask import flash
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.forms import PlaceForm, ReasonForm
from pipeline.blueprints.settings.pipelines.page import Panel
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import reasons
from pipeline.domain.access import Permission
from pipeline.models.pipeline import Outcome
from pipeline.queries import settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.post("/<int:pipeline_id>/reasons/<any(won,lost):outcome>")
@requires(Permission.ADMINISTER)
def add_reason(pipeline_id: int, outcome: str) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    form = ReasonForm()
    panel = Panel(f"new-{outcome}", form=form.called(f"new-{outcome}"))
    again = refusing_into(form, lambda: page.show(pipeline, outcome, panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        reason = reasons.add(pipeline, Outcome(outcome), form.text.data or "", by=me())
    flash(f"“{reason.text}” was added.", "good")
    return page.changed(pipeline, outcome, "settings")


@bp.post("/<int:pipeline_id>/reasons/<int:reason_id>")
@requires(Permission.ADMINISTER)
def rename_reason(pipeline_id: int, reason_id: int) -> ResponseReturnValue:
    reason = settings_setup.reason(pipeline_id, reason_id)
    pipeline, form = reason.pipeline, ReasonForm()
    panel = page.reason_panel(reason, form)
    again = refusing_into(form, lambda: page.show(pipeline, reason.outcome, panel=panel, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        reasons.rename(reason, form.text.data or "", by=me())
    flash(f"“{reason.text}” was saved.", "good")
    return page.changed(pipeline, reason.outcome)


@bp.post("/<int:pipeline_id>/reasons/<int:reason_id>/place")
@requires(Permission.ADMINISTER)
def place_reason(pipeline_id: int, reason_id: int) -> ResponseReturnValue:
    reason = settings_setup.reason(pipeline_id, reason_id)
    form = PlaceForm()
    if form.validate_on_submit():
        with transaction():
            reasons.place(reason, form.position.data or 0, by=me())
    return page.changed(reason.pipeline, reason.outcome)


@bp.post("/<int:pipeline_id>/reasons/<int:reason_id>/archive")
@requires(Permission.ADMINISTER)
def archive_reason(pipeline_id: int, reason_id: int) -> ResponseReturnValue:
    reason = settings_setup.reason(pipeline_id, reason_id)
    with transaction():
        reasons.archive(reason, by=me())
    flash(f"“{reason.text}” is not offered any more; what carries it keeps it.", "good")
    return page.changed(reason.pipeline, reason.outcome)


@bp.post("/<int:pipeline_id>/reasons/<int:reason_id>/restoration")
@requires(Permission.ADMINISTER)
def restore_reason(pipeline_id: int, reason_id: int) -> ResponseReturnValue:
    reason = settings_setup.reason(pipeline_id, reason_id)
    with transaction():
        reasons.restore(reason, by=me())
    flash(f"“{reason.text}” is on offer again.", "good")
    return page.changed(reason.pipeline, reason.outcome)
