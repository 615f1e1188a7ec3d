"""One's own profile: name, time zone, locale, password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import passwords, people
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import limiter
from pipeline.transaction import transaction
from pipeline.web import places
from pipeline.web.auth import me, open_session, requires

bp = Blueprint("profile", __name__, url_prefix="/settings/profile")
bp.register_error_handler(RuleBroken, refused)


class ProfileForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("Your name is needed."), Length(max=120)])
    time_zone = SelectField("Time zone", choices=places.time_zones)
    locale = SelectField("Numbers and dates as in", choices=places.locales)


class OwnPasswordForm(FlaskForm):  # type: ignore[misc]
    present = PasswordField("Present password", [InputRequired("Your present password is needed."), Length(max=200)])
    password = PasswordField("New password", [InputRequired("Choose a password."), Length(max=200)])


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    return shown(ProfileForm(obj=me()), OwnPasswordForm())


@bp.post("")
@requires(Permission.SIGNED_IN)
def update() -> ResponseReturnValue:
    form = ProfileForm()
    again = refusing_into(form, lambda: shown(form, OwnPasswordForm(formdata=None), status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        people.change(me(), by=me(), name=form.name.data, time_zone=form.time_zone.data, locale=form.locale.data)
    flash("Your profile was saved.", "good")
    return redirect(url_for("profile.show"), 303)


@bp.post("/password")
@requires(Permission.SIGNED_IN)
@limiter.limit("10 per 5 minutes")
def change_password() -> ResponseReturnValue:
    form = OwnPasswordForm()
    again = refusing_into(form, lambda: shown(ProfileForm(formdata=None, obj=me()), form, status=422))
    if not form.validate_on_submit():
        return again()
    if not passwords.matches(form.present.data or "", me().password_hash):
        form.present.errors = ["That is not your present password."]
        return again()
    person = me()
    with transaction():
        people.set_password(person, form.password.data or "", by=person)
    open_session(person)
    flash("Your password was changed. Everywhere else you are signed out.", "good")
    return redirect(url_for("profile.show"), 303)


def shown(form: ProfileForm, password_form: OwnPasswordForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("settings/profile/show.html", form=form, password_form=password_form), status
