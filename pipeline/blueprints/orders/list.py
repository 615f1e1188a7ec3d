"""The list of orders, its filter in its URL. Money that waits for a person stands on top."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.models.order import OrderState
from pipeline.queries import order_list, reading, undecided
from pipeline.queries.order_list import Wanted
from pipeline.web.auth import me, requires


@bp.get("/orders")
@requires(Permission.OPPORTUNITY_VIEW)
def index() -> ResponseReturnValue:
    wanted = Wanted.read(request.args)
    below = reading.number(request.args, "below")
    return render_template(
        "orders/list.html",
        listed=order_list.listed(wanted, seen_by=me(), below=below),
        below=below,
        states=OrderState,
        undecided=undecided.listed(to=me()),
        wanted=wanted,
    )
