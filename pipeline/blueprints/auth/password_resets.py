"""A forgotten password: ask for a link by mail, then choose a new one. Invitations end on the same page."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import password_mails, people, signing_in
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db, limiter
from pipeline.models.user import User
from pipeline.transaction import transaction
from pipeline.web import links
from pipeline.web.auth import public
from pipeline.web.htmx import page

bp = Blueprint("password_resets", __name__)
bp.register_error_handler(RuleBroken, refused)

KINDS = {kind.salt: kind for kind in (links.RESET, links.INVITATION)}


class AskForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("Email", [InputRequired("Your email address is needed."), Length(max=254)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("New password", [InputRequired("Choose a password."), Length(max=200)])


def address_asked() -> str:
    return f"reset:{signing_in.normalised(request.form.get('email', ''))}"


@bp.get("/password-resets/new")
@public
def new() -> ResponseReturnValue:
    return render_template("auth/ask_for_password.html", form=AskForm())


@bp.post("/password-resets")
@public
@limiter.limit("10 per minute")
@limiter.limit("5 per hour", key_func=address_asked)
def create() -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("auth/ask_for_password.html", form=form), 422
    address = signing_in.normalised(form.email.data or "")
    with transaction():
        person = db.session.scalar(select(User).where(User.email == address, User.is_active))
        if person is not None:
            password_mails.forgotten(person, links.password_link(person, links.RESET))
    return render_template("auth/asked_for_password.html")


@bp.get("/passwords/<kind>/<token>")
@public
@limiter.limit("30 per minute")
def edit(kind: str, token: str) -> ResponseReturnValue:
    if links.holder(KINDS.get(kind, links.RESET), token) is None:
        return render_template("auth/link_is_spent.html"), 410
    return render_template("auth/choose_password.html", form=PasswordForm(), kind=kind, token=token)


@bp.post("/passwords/<kind>/<token>")
@public
@limiter.limit("30 per minute")
def update(kind: str, token: str) -> ResponseReturnValue:
    person = links.holder(KINDS.get(kind, links.RESET), token)
    if person is None:
        return render_template("auth/link_is_spent.html"), 410
    form = PasswordForm()
    again = refusing_into(
        form, lambda: page("auth/choose_password.html", form=form, kind=kind, token=token, status=422)
    )
    if not form.validate_on_submit():
        return again()
    with transaction():
        people.set_password(person, form.password.data or "", by=None)
    flash("Your password is set. Sign in with it.", "good")
    return redirect(url_for("sessions.new"), 303)
