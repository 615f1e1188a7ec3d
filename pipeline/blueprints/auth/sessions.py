"""Signing in and out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from pipeline.domain import signing_in
from pipeline.domain.access import Permission
from pipeline.extensions import limiter
from pipeline.web.auth import close_session, me_or_nobody, open_session, public, requires
from pipeline.web.htmx import go
from pipeline.web.safety import address_here

bp = Blueprint("sessions", __name__)

TRIES_BY_PLACE = "20 per minute; 200 per hour"
TRIES_BY_ADDRESS = "10 per 5 minutes"


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("Email", [InputRequired("Your email address is needed."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Your password is needed."), Length(max=200)])
    next = HiddenField()


def address_tried() -> str:
    return f"sign-in:{signing_in.normalised(request.form.get('email', ''))}"


@bp.get("/sign-in")
@public
def new() -> ResponseReturnValue:
    if me_or_nobody():
        return go(url_for("start.show"))
    return render_template("auth/sign_in.html", form=SignInForm(next=request.args.get("next")))


@bp.post("/sign-in")
@public
@limiter.limit(TRIES_BY_PLACE)
@limiter.limit(TRIES_BY_ADDRESS, key_func=address_tried)
def create() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422
    person = signing_in.recognised(form.email.data or "", form.password.data or "")
    if person is None:
        form.form_errors.append("This email address and password do not belong together.")
        return render_template("auth/sign_in.html", form=form), 401
    open_session(person)
    return redirect(address_here(form.next.data) or url_for("start.show"), 303)


@bp.post("/sign-out")
@requires(Permission.SIGNED_IN)
def destroy() -> ResponseReturnValue:
    """With the session goes what the browser kept of it, half-written notes say (W3C Clear Site Data)."""
    close_session()
    flash("You are signed out.", "good")
    away = redirect(url_for("sessions.new"), 303)
    away.headers["Clear-Site-Data"] = '"storage"'
    return away
