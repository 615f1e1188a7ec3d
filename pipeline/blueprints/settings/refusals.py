"""What a form answers when a rule refuses: itself again, saying why."""

from collections.abc import Callable

from flask import g
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.web import errors

Again = Callable[[], ResponseReturnValue]


def refusing_into(form: FlaskForm, again: Again, *, at: str | None = None) -> Again:
    """Should a rule refuse what follows, say so at the head of this form, or at one field of it; `again` draws it."""
    g.refused = form, again, at
    return again


def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The error handler of a blueprint whose views promise a form by `refusing_into`."""
    waiting = g.pop("refused", None)
    if waiting is None or isinstance(broken, NotVisible | NotAllowed | Conflict):
        return errors.rule_broken(broken)
    form, again, at = waiting
    said = form[at].errors if at else form.form_errors
    said.append(broken.message)
    answer: ResponseReturnValue = again()
    return answer
