"""Mail templates: list, write, look at with an example."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import mail_templates, merge_fields
from pipeline.domain.access import Permission
from pipeline.domain.mail_templates import Written
from pipeline.domain.rules import RuleBroken
from pipeline.models.mail import MailTemplate
from pipeline.queries import settings_mail
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page

bp = Blueprint("mail_templates", __name__, url_prefix="/settings/mail-templates")
bp.register_error_handler(RuleBroken, refused)


class TemplateForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A template needs a name."), Length(max=80)])
    subject = StringField("Subject", [InputRequired("A mail needs a subject."), Length(max=200)])
    body = TextAreaField("Text", [InputRequired("A mail needs a text."), Length(max=20_000)])

    @property
    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("name", "subject", "body")}


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return page("settings/mail_templates/index.html", rows=settings_mail.templates())


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    return asked(TemplateForm())


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = TemplateForm()
    again = refusing_into(form, lambda: asked(form, status=422))
    if not form.validate_on_submit():
        return again()
    if "preview" in request.form:
        return asked(form, written=tried(form))
    with transaction():
        made = mail_templates.create(**form.values, by=me())
    flash(f"“{made.name}” was saved.", "good")
    return go(url_for("mail_templates.show", template_id=made.id))


@bp.get("/<int:template_id>")
@requires(Permission.ADMINISTER)
def show(template_id: int) -> ResponseReturnValue:
    template = settings_mail.template(template_id)
    form = TemplateForm(obj=template)
    return asked(form, template, written=tried(form))


@bp.post("/<int:template_id>")
@requires(Permission.ADMINISTER)
def update(template_id: int) -> ResponseReturnValue:
    template, form = settings_mail.template(template_id), TemplateForm()
    again = refusing_into(form, lambda: asked(form, template, status=422))
    if not form.validate_on_submit():
        return again()
    if "preview" in request.form:
        return asked(form, template, written=tried(form))
    with transaction():
        mail_templates.change(template, **form.values, by=me())
    flash(f"“{template.name}” was saved. Mails that are still to be written will use it.", "good")
    return go(url_for("mail_templates.show", template_id=template.id))


@bp.post("/<int:template_id>/deletion")
@requires(Permission.ADMINISTER)
def delete(template_id: int) -> ResponseReturnValue:
    template = settings_mail.template(template_id)
    form = TemplateForm(formdata=None, obj=template)
    refusing_into(form, lambda: asked(form, template, status=422))
    with transaction():
        mail_templates.archive(template, by=me())
    flash(f"“{template.name}” was deleted. Mails made from it stay.", "good")
    return go(url_for("mail_templates.index"))


def tried(form: TemplateForm) -> Written:
    """The mail as it would be for an example. Refuses fields that do not exist."""
    for text in (form.subject.data or "", form.body.data or ""):
        merge_fields.refuse_unknown(text)
    example = settings_mail.example()
    values = merge_fields.values_for(example) if example else merge_fields.examples()
    return mail_templates.filled(form.subject.data or "", form.body.data or "", values)


def asked(
    form: TemplateForm, template: MailTemplate | None = None, *, written: Written | None = None, status: int = 200
) -> ResponseReturnValue:
    context = {"letter": template, "written": written, "fields": merge_fields.FIELDS, "form": form}
    return page("settings/mail_templates/show.html", status=status, **context)
