"""Saying what the columns are, and beginning a dry run or the import."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.imports.blueprint import bp
from pipeline.blueprints.imports.forms import MappingForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain.access import Permission
from pipeline.domain.importing import batches, reading, uploads
from pipeline.domain.importing.reading import Sheet
from pipeline.domain.importing.settings import ImportSettings
from pipeline.models.importing import ImportBatch
from pipeline.queries import imports
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


@bp.get("/<int:batch_id>/mapping")
@requires(Permission.ADMINISTER)
def mapping(batch_id: int) -> ResponseReturnValue:
    batch = uploads.find(batch_id)
    if batch.is_running:
        return go(url_for("imports.show", batch_id=batch.id))
    sheet = reading.read(batches.content_of(batch))
    return _mapping_page(batch, sheet, _form(batch, sheet))


@bp.post("/<int:batch_id>/runs")
@requires(Permission.ADMINISTER)
def begin(batch_id: int) -> ResponseReturnValue:
    batch = uploads.find(batch_id)
    sheet = reading.read(batches.content_of(batch))
    form = _form(batch, sheet)
    again = refusing_into(form, lambda: _mapping_page(batch, sheet, form, status=422))
    if not form.validate_on_submit():
        return again()
    settings = form.settings(sheet, by=me())
    with transaction():
        uploads.begin(batch, settings, dry_run="for_good" not in request.form, by=me())
    return go(url_for("imports.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/imports")
@requires(Permission.ADMINISTER)
def bring_in(batch_id: int) -> ResponseReturnValue:
    """After a dry run: the same, for good."""
    batch = uploads.find(batch_id)
    with transaction():
        uploads.begin(batch, ImportSettings.model_validate(batch.settings), dry_run=False, by=me())
    return go(url_for("imports.show", batch_id=batch.id))


def _form(batch: ImportBatch, sheet: Sheet) -> MappingForm:
    return MappingForm.of(sheet, ImportSettings.model_validate(batch.settings), imports.pipelines())


def _mapping_page(batch: ImportBatch, sheet: Sheet, form: MappingForm, *, status: int = 200) -> ResponseReturnValue:
    columns = imports.columns(sheet)
    return page("imports/mapping.html", status=status, batch=batch, sheet=sheet, form=form, columns=columns)
