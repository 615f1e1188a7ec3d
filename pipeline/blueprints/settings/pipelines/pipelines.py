"""The list of pipelines, a new one, and how one works."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.forms import NewPipelineForm, PipelineForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import installation, pipelines, stages
from pipeline.domain.access import Permission
from pipeline.domain.pipeline_templates import TEMPLATES
from pipeline.models.pipeline import Outcome
from pipeline.queries import settings_blast, settings_pipeline, settings_pipelines, settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import form_page, go


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return render_template("settings/pipelines/index.html", rows=settings_pipelines.overview())


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    form = NewPipelineForm(currency=installation.current().currency)
    return render_template("settings/pipelines/new.html", form=form, templates=TEMPLATES)


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = NewPipelineForm()
    part = ("settings/pipelines/_new.html", {"form": form, "templates": TEMPLATES})
    again = refusing_into(form, lambda: form_page("settings/pipelines/new.html", part))
    if not form.validate_on_submit():
        return again()
    with transaction():
        pipeline = pipelines.create(
            form.name.data or "", currency=(form.currency.data or "").upper(), by=me(), template=form.template.data
        )
    flash(f"{pipeline.name} is ready. Look over its stages.", "good")
    return go(page.address(pipeline))


@bp.get("/<int:pipeline_id>")
@requires(Permission.ADMINISTER)
def show(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    return page.show(pipeline, "stages", "won", "lost", panel=page.asked(pipeline))


@bp.post("/<int:pipeline_id>")
@requires(Permission.ADMINISTER)
def update(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    form = PipelineForm.of(pipeline, sent=True)
    again = refusing_into(form, lambda: page.show(pipeline, "settings", settings=form, status=422))
    if not form.validate_on_submit():
        return again()
    values = form.chosen(pipeline)
    consequences = settings_blast.consequences(settings_pipeline.setup(pipeline), values)
    if consequences and not form.confirmed.data:
        return page.show(pipeline, "settings", settings=form, consequences=consequences, status=422)

    with transaction():
        stages.set_ending(pipeline, Outcome.WON, values.pop("win_stage"), by=me())
        stages.set_ending(pipeline, Outcome.LOST, values.pop("loss_stage"), by=me())
        stages.activate(pipeline, values.pop("active"), by=me())
        pipelines.change(pipeline, by=me(), **values)

    flash(f"{pipeline.name} was saved.", "good")
    return page.changed(pipeline, "head", "settings", "stages", "won", "lost")


@bp.post("/<int:pipeline_id>/default")
@requires(Permission.ADMINISTER)
def make_default(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    with transaction():
        pipelines.make_default(pipeline, by=me())
    flash(f"{pipeline.name} is the default pipeline now.", "good")
    return page.changed(pipeline, "head")


@bp.post("/<int:pipeline_id>/archive")
@requires(Permission.ADMINISTER)
def archive(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    with transaction():
        pipelines.archive(pipeline, by=me())
    flash(f"{pipeline.name} was archived. Its opportunities stay readable.", "good")
    return go(url_for("pipelines.index"))


@bp.post("/<int:pipeline_id>/restoration")
@requires(Permission.ADMINISTER)
def restore(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    with transaction():
        pipelines.restore(pipeline, by=me())
    flash(f"{pipeline.name} is back in use.", "good")
    return go(page.address(pipeline))
