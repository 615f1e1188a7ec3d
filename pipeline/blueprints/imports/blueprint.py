"""Where the views of imports hang. A refused upload or mapping answers with its own form."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("imports", __name__, url_prefix="/settings/imports")
bp.register_error_handler(RuleBroken, refused)
