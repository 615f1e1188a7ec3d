"""The imports so far, and taking a new file."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from pipeline.blueprints.imports.blueprint import bp
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain.access import Permission
from pipeline.domain.importing import uploads
from pipeline.queries import imports
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


class UploadForm(FlaskForm):  # type: ignore[misc]
    file = FileField("CSV file", [FileRequired("Choose a file.")])


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return page("imports/index.html", form=UploadForm(formdata=None), batches=imports.recent())


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = UploadForm()
    again = refusing_into(form, lambda: page("imports/index.html", status=422, form=form, batches=imports.recent()))
    if not form.validate_on_submit():
        return again()
    with transaction():
        batch = uploads.take(form.file.data.filename or "file.csv", form.file.data.read(), by=me())
    return go(url_for("imports.mapping", batch_id=batch.id))
