"""Where the views of a day are hung. What is refused answers with its own form, where there is one."""

from flask import Blueprint

from pipeline.blueprints.settings.refusals import refused
from pipeline.domain.rules import RuleBroken

bp = Blueprint("today", __name__, url_prefix="/today")
bp.register_error_handler(RuleBroken, refused)
