"""Where the views of orders are hung: `url_for("orders.show", number=1001)`."""

from flask import Blueprint

bp = Blueprint("orders", __name__)
