"""Opportunities over HTTP: a module for each noun under `/opportunities`, each hanging its routes on the one `bp`.

To add a module, import it in the last lines.
"""

from flask import Blueprint

bp = Blueprint("opportunities", __name__, url_prefix="/opportunities")

from pipeline.blueprints.opportunities import list  # noqa: E402, F401 — its routes hang on `bp`, made above
