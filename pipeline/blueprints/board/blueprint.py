"""Where the board's views are hung."""

from flask import Blueprint

bp = Blueprint("board", __name__, url_prefix="/board")
