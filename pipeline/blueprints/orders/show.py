"""The page of one order."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.orders.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import order_page
from pipeline.web.auth import me, requires
from pipeline.web.htmx import fragments


@bp.get("/orders/<int:number>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(number: int) -> ResponseReturnValue:
    return render_template("orders/show.html", page=order_page.whole(number, to=me()))


@bp.get("/orders/<int:number>/payments")
@requires(Permission.OPPORTUNITY_VIEW)
def payments(number: int) -> ResponseReturnValue:
    """How its money stands, asked again and again by the page for as long as some is on its way."""
    shown = {"page": order_page.whole(number, to=me())}
    parts = [(f"orders/_{name}.html", shown) for name in ("head", "payments", "facts")]
    return fragments(*parts, otherwise=url_for("orders.show", number=number))
