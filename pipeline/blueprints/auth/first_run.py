"""The one-time page that makes the first administrator, reached by the link that `pipeline up` prints."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import founding, people
from pipeline.domain.people import Newcomer
from pipeline.domain.pipeline_templates import TEMPLATES
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.extensions import limiter
from pipeline.models.user import User
from pipeline.transaction import transaction
from pipeline.web import links, places
from pipeline.web.auth import open_session, public
from pipeline.web.htmx import page

bp = Blueprint("first_run", __name__)
bp.register_error_handler(RuleBroken, refused)


class FirstRunForm(FlaskForm):  # type: ignore[misc]
    company = StringField("Company", [InputRequired("Your company's name is needed."), Length(max=120)])
    name = StringField("Your name", [InputRequired("Your name is needed."), Length(max=120)])
    email = EmailField("Email", [InputRequired("You sign in with your email address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Choose a password."), Length(max=200)])
    time_zone = SelectField("Time zone", choices=places.time_zones, default="UTC")
    currency = SelectField("Currency", choices=places.currencies, default="USD")
    template = SelectField("Your first pipeline", default="direct")


@bp.get("/first-run/<token>")
@public
@limiter.limit("30 per minute")
def new(token: str) -> ResponseReturnValue:
    refuse_unless_first(token)
    return render_template("auth/first_run.html", form=offered(), token=token)


@bp.post("/first-run/<token>")
@public
@limiter.limit("30 per minute")
def create(token: str) -> ResponseReturnValue:
    refuse_unless_first(token)
    form = offered()
    again = refusing_into(form, lambda: page("auth/first_run.html", form=form, token=token, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        administrator = found(form)
    open_session(administrator)
    flash("Welcome. Add your first deal, or invite your colleagues in the settings.", "good")
    return redirect(url_for("start.show"), 303)


def offered() -> FirstRunForm:
    form = FirstRunForm()
    form.template.choices = [(key, f"{each.label}: {each.description}") for key, each in TEMPLATES.items()]
    return form


def found(form: FirstRunForm) -> User:
    first = Newcomer(form.name.data or "", form.email.data or "", time_zone=form.time_zone.data)
    return founding.found(
        form.company.data or "",
        first,
        form.password.data or "",
        currency=form.currency.data,
        template=form.template.data,
    )


def refuse_unless_first(token: str) -> None:
    if not links.is_first_run(token) or people.there_is_an_administrator():
        raise NotVisible("page")
