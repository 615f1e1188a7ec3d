"""The sandbox's own page, where one pays without money. Not to be found where a real provider takes the money."""

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pipeline.blueprints.shop import page
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp
from pipeline.domain.paying.words import SessionStatus
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db, limiter
from pipeline.gateways import payments, sandbox_calls, sandbox_till
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.payment import Provider, SandboxSession
from pipeline.transaction import transaction
from pipeline.web.auth import public

CHOICES = {
    Choice.PAY: "Pay",
    Choice.FAIL: "Pay, and the card is refused",
    Choice.DELAY: "Pay by a method that takes a minute",
    Choice.TWICE: "Pay twice",
    Choice.LATE: "Pay too late",
    Choice.WRONG_AMOUNT: "Pay a wrong amount",
    Choice.CANCEL: "Cancel",
}


@bp.get("/sandbox/<ref>")
@public
@limiter.limit(BY_PLACE)
def sandbox(ref: str) -> ResponseReturnValue:
    session = _named(ref)
    is_open = session.status == SessionStatus.OPEN
    was_refused = is_open and bool(session.payments)
    return page.show("shop/sandbox.html", session=session, choices=CHOICES, is_open=is_open, was_refused=was_refused)


@bp.post("/sandbox/<ref>/choices")
@public
@limiter.limit(BY_PLACE)
def choose(ref: str) -> ResponseReturnValue:
    """Do as the payer chose, call about it as a provider does, and send them back."""
    session = _named(ref)
    chosen = request.form.get("choice", "")
    if chosen not in set(Choice):
        raise RuleBroken("Choose one of the buttons.")
    with transaction():
        sandbox_till.choose(session, Choice(chosen))
        sandbox_calls.promise(session)
        if settles_at := sandbox_till.settles_at(session):
            sandbox_calls.promise(session, due_at=settles_at)
    if chosen == Choice.FAIL:
        return redirect(url_for("shop.sandbox", ref=ref), 303)
    return redirect(session.cancel_url if chosen == Choice.CANCEL else session.success_url, 303)


def _named(ref: str) -> SandboxSession:
    if payments.gateway(current_app.config["SETTINGS"]).provider is not Provider.SANDBOX:
        abort(404)
    session = db.session.scalar(select(SandboxSession).where(SandboxSession.ref == ref))
    if session is None:
        abort(404)
    return session
