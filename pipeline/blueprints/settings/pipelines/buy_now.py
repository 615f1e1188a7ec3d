"""What buy-now links start with in a pipeline: how long they are good, what they wear, why a purchase is won."""

from flask import flash
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines import page
from pipeline.blueprints.settings.pipelines.blueprint import bp
from pipeline.blueprints.settings.pipelines.buy_now_form import BuyNowForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import pipelines
from pipeline.domain.access import Permission
from pipeline.queries import settings_setup
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires


@bp.post("/<int:pipeline_id>/buy-now")
@requires(Permission.ADMINISTER)
def update_buy_now(pipeline_id: int) -> ResponseReturnValue:
    pipeline = settings_setup.pipeline(pipeline_id)
    form = BuyNowForm.of(pipeline, sent=True)
    again = refusing_into(form, lambda: page.show(pipeline, "buy_now", buy_now=form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        pipelines.change(pipeline, by=me(), **form.chosen(pipeline))
    flash("Saved. Links that exist already stay as they are.", "good")
    return page.changed(pipeline, "buy_now")
