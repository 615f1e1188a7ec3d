"""The blueprint that the settings of skins hang on."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("skins", __name__, url_prefix="/settings/skins")
bp.register_error_handler(RuleBroken, refused)
