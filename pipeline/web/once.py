"""A second press on a button does nothing twice: forms that make something new carry `forms.once()`.

The key is taken inside the transaction that does the work, so that a refused form can be sent again.
"""

import secrets
from functools import partial

from flask import Flask, flash, redirect, request
from flask.typing import ResponseReturnValue

from pipeline.domain import submissions
from pipeline.domain.submissions import SentAlready
from pipeline.transaction import first_of_all
from pipeline.web import origin
from pipeline.web.htmx import again, is_htmx

FIELD = "form_key"


def prepare(app: Flask) -> None:
    app.before_request(watch)
    app.register_error_handler(SentAlready, sent_already)
    app.jinja_env.globals["form_key"] = partial(secrets.token_urlsafe, 16)


def watch() -> None:
    """Have the form's key taken first of all that this request changes."""
    if request.method == "POST" and (key := request.form.get(FIELD)):
        first_of_all(partial(submissions.take, key))


def sent_already(refusal: SentAlready) -> ResponseReturnValue:
    """Show the page as it is now, with what the first press did."""
    flash(refusal.message)
    if is_htmx():
        return again()
    return redirect(origin.asked_from("/"), 303)
