"""Receipts for buyers, to be printed: beside the offer that was bought, or at an address of the order's own."""

from flask import abort
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from pipeline.blueprints.shop import page
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp
from pipeline.blueprints.shop.offers import link_of
from pipeline.domain import pricing, skins
from pipeline.extensions import limiter
from pipeline.models.order import Order
from pipeline.queries import order_page
from pipeline.web.auth import public


@bp.get("/<token>/receipt")
@public
@limiter.limit(BY_PLACE)
def receipt(token: str) -> ResponseReturnValue:
    """Of what was bought through a link."""
    return drawn(Order.link_id == link_of(token).id)


@bp.get("/orders/<order_token>")
@public
@limiter.limit(BY_PLACE)
def receipt_of_order(order_token: str) -> ResponseReturnValue:
    """Of what a user sold by hand."""
    return drawn(Order.token == order_token)


def drawn(which: ColumnElement[bool]) -> ResponseReturnValue:
    order = order_page.found_by(which)
    if order is None:
        abort(404)
    # Whether it was a test is the order's own matter, whatever is set now: its receipt says so.
    return page.show(
        "shop/receipt.html",
        skin=skins.of_order(order),
        is_test=False,
        order=order,
        taxes=pricing.taxes(order.lines),
    )
