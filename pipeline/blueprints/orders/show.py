"""The page of one order."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import order_page
from pipeline.web.auth import me, requires


@bp.get("/orders/<int:number>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(number: int) -> ResponseReturnValue:
    return render_template("orders/show.html", page=order_page.whole(number, to=me()))
