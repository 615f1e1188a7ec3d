"""Where the views of contacts are hung: `url_for("contacts.show", contact_id=42)`."""

from flask import Blueprint

bp = Blueprint("contacts", __name__, url_prefix="/contacts")
