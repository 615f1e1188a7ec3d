"""Bundles: a new one, its name, and its lines."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.products.blueprint import bp
from pipeline.blueprints.settings.products.forms import BundleForm, BundleLineForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import bundles
from pipeline.domain.access import Permission
from pipeline.models.product import Bundle
from pipeline.queries import product_list
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


@bp.post("/bundles")
@requires(Permission.ADMINISTER)
def create_bundle() -> ResponseReturnValue:
    form = BundleForm()
    again = refusing_into(
        form,
        lambda: page("settings/products/index.html", status=422, shelf=product_list.shelf(), asked="", form=form),
    )
    if not form.validate_on_submit():
        return again()
    with transaction():
        made = bundles.create(form.name.data or "", by=me())
    flash("Now put its products in.", "good")
    return go(address(made))


@bp.get("/bundles/<int:bundle_id>")
@requires(Permission.ADMINISTER)
def show_bundle(bundle_id: int) -> ResponseReturnValue:
    return shown(product_list.bundle(bundle_id))


@bp.post("/bundles/<int:bundle_id>")
@requires(Permission.ADMINISTER)
def rename_bundle(bundle_id: int) -> ResponseReturnValue:
    bundle, form = product_list.bundle(bundle_id), BundleForm()
    again = refusing_into(form, lambda: shown(bundle, name=form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        bundles.rename(bundle, form.name.data or "", by=me())
    flash(f"It is called “{bundle.name}” now.", "good")
    return go(address(bundle))


@bp.post("/bundles/<int:bundle_id>/lines")
@requires(Permission.ADMINISTER)
def add_bundle_line(bundle_id: int) -> ResponseReturnValue:
    bundle, form = product_list.bundle(bundle_id), BundleLineForm.offering(product_list.sold())
    again = refusing_into(form, lambda: shown(bundle, line=form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        bundles.add_line(
            bundle,
            product_list.product(form.product_id.data),
            quantity=form.quantity.data or 1,
            discount=form.discount.data or 0,
            price_override=form.price_override.data,
            by=me(),
        )
    return go(address(bundle))


@bp.post("/bundles/<int:bundle_id>/lines/<int:line_id>/deletion")
@requires(Permission.ADMINISTER)
def drop_bundle_line(bundle_id: int, line_id: int) -> ResponseReturnValue:
    line = product_list.bundle_line(bundle_id, line_id)
    with transaction():
        bundles.drop_line(line, by=me())
    return go(address(product_list.bundle(bundle_id)))


@bp.post("/bundles/<int:bundle_id>/archive")
@requires(Permission.ADMINISTER)
def archive_bundle(bundle_id: int) -> ResponseReturnValue:
    bundle = product_list.bundle(bundle_id)
    with transaction():
        bundles.archive(bundle, by=me())
    flash(f"“{bundle.name}” is not offered any more. Deals keep the lines that came from it.", "good")
    return go(url_for("products.index"))


@bp.post("/bundles/<int:bundle_id>/restoration")
@requires(Permission.ADMINISTER)
def restore_bundle(bundle_id: int) -> ResponseReturnValue:
    bundle = product_list.bundle(bundle_id)
    with transaction():
        bundles.restore(bundle, by=me())
    flash(f"“{bundle.name}” is on offer again.", "good")
    return go(address(bundle))


def shown(
    bundle: Bundle, *, name: BundleForm | None = None, line: BundleLineForm | None = None, status: int = 200
) -> ResponseReturnValue:
    sold = product_list.sold()
    return page(
        "settings/products/bundle.html",
        status=status,
        bundle=bundle,
        name=name or BundleForm(formdata=None, obj=bundle),
        line=line or BundleLineForm.offering(sold),
        sold=sold,
    )


def address(bundle: Bundle) -> str:
    return url_for("products.show_bundle", bundle_id=bundle.id)
