"""Products: the list of what is sold, a new one, and what one costs."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.products.blueprint import bp
from pipeline.blueprints.settings.products.forms import BundleForm, ProductForm
from pipeline.blueprints.settings.refusals import refusing_into
from pipeline.domain import products
from pipeline.domain.access import Permission
from pipeline.models.product import Product
from pipeline.queries import product_list
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()
    return page("settings/products/index.html", shelf=product_list.shelf(asked), asked=asked, form=BundleForm())


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    return shown(ProductForm.of(None))


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = ProductForm.of(None)
    again = refusing_into(form, lambda: shown(form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        made = products.create(form.terms, by=me())
    flash(f"“{made.name}” can be sold now.", "good")
    return go(url_for("products.index"))


@bp.get("/<int:product_id>")
@requires(Permission.ADMINISTER)
def show(product_id: int) -> ResponseReturnValue:
    product = product_list.product(product_id)
    return shown(ProductForm.of(product), product)


@bp.post("/<int:product_id>")
@requires(Permission.ADMINISTER)
def update(product_id: int) -> ResponseReturnValue:
    product = product_list.product(product_id)
    form = ProductForm.of(product)
    again = refusing_into(form, lambda: shown(form, product, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        products.change(product, form.terms, by=me())
    flash(f"“{product.name}” was saved. Deals, offers and orders that have it stay as they are.", "good")
    return go(url_for("products.index"))


@bp.post("/<int:product_id>/archive")
@requires(Permission.ADMINISTER)
def archive(product_id: int) -> ResponseReturnValue:
    product = product_list.product(product_id)
    with transaction():
        products.archive(product, by=me())
    flash(f"“{product.name}” is sold no more. What has it keeps it.", "good")
    return go(url_for("products.index"))


@bp.post("/<int:product_id>/restoration")
@requires(Permission.ADMINISTER)
def restore(product_id: int) -> ResponseReturnValue:
    product = product_list.product(product_id)
    with transaction():
        products.restore(product, by=me())
    flash(f"“{product.name}” can be sold again.", "good")
    return go(url_for("products.index"))


def shown(form: ProductForm, product: Product | None = None, *, status: int = 200) -> ResponseReturnValue:
    return page("settings/products/show.html", status=status, form=form, product=product)
