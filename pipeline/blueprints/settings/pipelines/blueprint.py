"""Where the views of pipelines' settings are hung."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("pipelines", __name__, url_prefix="/settings/pipelines")
bp.register_error_handler(RuleBroken, refused)
