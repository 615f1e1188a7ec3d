"""The blueprint that the settings of products hang on."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("products", __name__, url_prefix="/settings/products")
bp.register_error_handler(RuleBroken, refused)
