"""The one place where refusals and failures become answers: the true status, words for a person, and no trace.

A `RuleBroken` raised anywhere below ends here. With htmx it becomes a toast and whatever `on_refusal` promised; a plain
browser gets a page that says the same. A blueprint may answer a particular rule better with `@bp.app_errorhandler`.
"""

import sqlite3
from http import HTTPStatus

import structlog
from flask import Flask, Response, flash, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from pipeline.domain.rules import AnswersNeeded, ChangedMeanwhile, Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.web.auth import forget_visitor
from pipeline.web.htmx import is_htmx, on_refusal, partials, truth_again
from pipeline.web.request_log import request_id

STATUSES: tuple[tuple[type[RuleBroken], int], ...] = (
    (NotVisible, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (ChangedMeanwhile, 409),
    (AnswersNeeded, 422),
    (RuleBroken, 422),
)

TITLES = {
    400: "This request did not make sense",
    401: "Please sign in",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This cannot be done here",
    409: "Someone else changed it first",
    413: "This file is too large",
    422: "This was not done",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "Too busy just now",
}

WORDS = {
    400: "Go back, reload the page and try once more.",
    404: "The page was moved or deleted, or it is not shared with you.",
    429: "Wait a minute, then try again.",
    500: "It was written down and can be found by its number. Nothing was saved half.",
    503: "Others were changing the same at this moment, so this was not done. Try again.",
}
WAITED_IN_VAIN = {"40001", "40P01", "55P03"}
"""What PostgreSQL says of a transaction that lost against others: appendix A of its manual."""

log = structlog.get_logger(__name__)


def prepare(app: Flask) -> None:
    app.register_error_handler(RuleBroken, rule_broken)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DataError, cannot_be_kept)
    app.register_error_handler(OverflowError, cannot_be_kept)
    app.register_error_handler(OperationalError, database_failed)
    app.register_error_handler(Exception, failure)


def rule_broken(broken: RuleBroken) -> ResponseReturnValue:
    return answer(status_of(broken), broken.message)


def status_of(broken: RuleBroken) -> int:
    return next(status for kind, status in STATUSES if isinstance(broken, kind))


def form_too_old(error: CSRFError) -> ResponseReturnValue:
    return answer(400, "This form is from an earlier session. Reload the page and send it again.")


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    status = error.code or 500
    return answer(status, WORDS.get(status, error.description or ""))


def cannot_be_kept(error: Exception) -> ResponseReturnValue:
    """What no column can hold, such as a number of forty digits or a sign that is none: no form of ours offers it."""
    log.warning("a value cannot be kept", error=str(getattr(error, "orig", error)))
    return answer(400, "Something that was sent is too long, too large, or no text. Change it and try again.")


def database_failed(error: OperationalError) -> ResponseReturnValue:
    """Who waited too long for others to finish can try again; anything else nobody foresaw."""
    state, code = getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorcode", 0)
    if state not in WAITED_IN_VAIN and code & 0xFF != sqlite3.SQLITE_BUSY:
        return failure(error)
    log.warning("others were in the way", error=str(error.orig))
    forget_visitor()
    on_refusal(list)
    return answer(503, WORDS[503])


def failure(error: Exception) -> ResponseReturnValue:
    """Anything nobody foresaw: logged with the request's id, and only the id is shown."""
    log.exception("request failed")
    forget_visitor()  # whatever broke, the words about it need no database
    on_refusal(list)
    return answer(500, WORDS[500], number=request_id())


def answer(status: int, words: str, *, number: str | None = None) -> Response:
    """Say it as a toast to htmx, as a page to a plain browser."""
    if is_htmx():
        flash(f"{words} ({number})" if number else words, "danger")
        return partials(*truth_again(), status=status)
    title = TITLES.get(status) or HTTPStatus(status).phrase
    return make_response(render_template("errors/error.html", title=title, words=words, number=number), status)
