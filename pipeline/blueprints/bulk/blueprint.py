"""Where the views of changes to many hang."""

from flask import Blueprint

bp = Blueprint("bulk", __name__, url_prefix="/bulk")
