"""Where the views are hung, and what they answer when a rule refuses: the form again, saying why."""

from collections.abc import Callable

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.web import errors

bp = Blueprint("pipelines", __name__, url_prefix="/settings/pipelines")

Again = Callable[[], ResponseReturnValue]


def refusing_into(form: FlaskForm, again: Again) -> Again:
    """Should a rule refuse what follows, say so at the head of this form; `again` draws the page with it."""
    g.refused = form, again
    return again


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    waiting = g.pop("refused", None)
    if waiting is None or isinstance(broken, NotVisible | NotAllowed):
        return errors.rule_broken(broken)
    form, again = waiting
    form.form_errors.append(broken.message)
    answer: ResponseReturnValue = again()
    return answer
