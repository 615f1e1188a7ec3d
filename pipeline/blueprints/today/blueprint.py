"""Where the views of a day are hung."""

from flask import Blueprint

bp = Blueprint("today", __name__, url_prefix="/today")
