"""Whose installation this is, and what new things start with."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import installation
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import form_page, fragments

bp = Blueprint("company", __name__, url_prefix="/settings/company")
bp.register_error_handler(RuleBroken, refused)


class CompanyForm(FlaskForm):  # type: ignore[misc]
    company_name = StringField("Company name", [Length(max=120, message="Use at most 120 letters.")])
    undo_seconds = IntegerField(
        "Seconds to undo", [InputRequired("Name a number, 0 for no undo."), NumberRange(0, 300)]
    )
    currency = StringField("Currency", [InputRequired("Name a currency, such as USD."), Length(3, 3)])


@bp.get("")
@requires(Permission.ADMINISTER)
def show() -> ResponseReturnValue:
    return render_template("settings/company/show.html", form=CompanyForm(obj=installation.current()))


@bp.post("")
@requires(Permission.ADMINISTER)
def update() -> ResponseReturnValue:
    form = CompanyForm()
    part = ("settings/company/_form.html", {"form": form})
    again = refusing_into(form, lambda: form_page("settings/company/show.html", part))
    if not form.validate_on_submit():
        return again()
    with transaction():
        installation.change(
            form.company_name.data or "",
            currency=(form.currency.data or "").upper(),
            undo_seconds=form.undo_seconds.data or 0,
            by=me(),
        )
    flash("The company’s settings were saved.", "good")
    saved = CompanyForm(formdata=None, obj=installation.current())
    return fragments((part[0], {"form": saved}), otherwise=url_for("company.show"))
