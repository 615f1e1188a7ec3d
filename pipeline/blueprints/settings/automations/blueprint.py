"""Where the views of automations are hung."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("automations", __name__, url_prefix="/settings/automations")
bp.register_error_handler(RuleBroken, refused)
