"""Where the views of opportunities themselves are hung: `url_for("opportunities.show", opportunity_id=42)`."""

from flask import Blueprint

bp = Blueprint("opportunities", __name__, url_prefix="/opportunities")
