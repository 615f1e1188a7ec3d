"""The receipt of an order, to be printed; and its mail once more."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.domain import installation, orders, receipts, skins
from pipeline.domain.access import Permission
from pipeline.queries import order_page
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go


@bp.get("/orders/<int:number>/receipt")
@requires(Permission.OPPORTUNITY_VIEW)
def show_receipt(number: int) -> ResponseReturnValue:
    page = order_page.whole(number, to=me())
    skin = skins.of_order(page.order)
    return render_template(
        "orders/receipt.html",
        company=installation.current().company_name,
        logo=url_for("shop.logo", skin_id=skin.id, version=skin.version) if skin.logo_type else None,
        order=page.order,
        taxes=page.taxes,
        address=receipts.address_of(page.order),
    )


@bp.post("/orders/<int:number>/receipts")
@requires(Permission.OPPORTUNITY_EDIT)
def send_receipt(number: int) -> ResponseReturnValue:
    with transaction():
        mail = receipts.send_again(orders.found(number, to=me()), by=me())
    flash(f"The receipt is on its way to {mail.to_address}.", "good")
    return go(url_for("orders.show", number=number))
