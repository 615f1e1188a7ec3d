"""Mails to the contact of an opportunity: written in the composer, read over, sent, and taken back while they wait."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, letters
from pipeline.domain.access import Permission
from pipeline.domain.mail_templates import Written
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.models.activity import ActivityKind
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity
from pipeline.queries import reading, settings_mail, timeline
from pipeline.transaction import transaction
from pipeline.web import errors
from pipeline.web.auth import me, requires
from pipeline.web.htmx import fragments

bp = Blueprint("opportunity_mails", __name__, url_prefix="/opportunities/<int:opportunity_id>/mails")

OFFER = (
    "Your offer",
    """Hello {{ contact.first_name or contact.name }},

here is our offer over {{ offer.total }}. You can look at it and pay for it until {{ offer.expires }}:

{{ offer.link }}""",
)


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """An empty mail, what a template says to this contact, or with `about=offer` one that brings the buy-now link."""
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    if request.args.get("about") == "offer":
        return _form(opportunity, subject=OFFER[0], body=OFFER[1], is_asked_for=True)
    wanted = reading.number(request.args, "template")
    draft = letters.draft(settings_mail.template(wanted), opportunity) if wanted else None
    return _form(opportunity, subject=draft.subject if draft else "", body=draft.text if draft else "", chosen=wanted)


@bp.post("/preview")
@requires(Permission.OPPORTUNITY_EDIT)
def preview(opportunity_id: int) -> ResponseReturnValue:
    """As it will be read. Nothing leaves yet."""
    opportunity = access.opportunity(opportunity_id, to=me())
    return _form(opportunity, **_sent(), written=letters.reading(opportunity, **_said()))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        wanted = reading.number(request.form, "template")
        template = settings_mail.template(wanted) if wanted else None
        mail = letters.send(opportunity, **_said(), by=me(), template=template)
    flash(f"The mail to {mail.to_name} is on its way.", "good")
    return record.after_contact(opportunity, ActivityKind.TODO, "mail_form", letter=_letter(opportunity))


@bp.get("/<int:mail_id>")
@requires(Permission.OPPORTUNITY_VIEW)
def show(opportunity_id: int, mail_id: int) -> ResponseReturnValue:
    """How it stands with a mail, where the timeline tells of it."""
    return _drawn(letters.on(access.opportunity(opportunity_id, to=me()), mail_id))


@bp.post("/<int:mail_id>/cancellation")
@requires(Permission.OPPORTUNITY_EDIT)
def cancel(opportunity_id: int, mail_id: int) -> ResponseReturnValue:
    mail = letters.on(access.opportunity(opportunity_id, to=me()), mail_id)
    with transaction():
        letters.take_back(mail, by=me())
    flash("The mail was stopped. Nothing was sent.", "good")
    return _drawn(mail)


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    """The mail as it was typed, with what is wrong with it."""
    if isinstance(broken, NotVisible | NotAllowed) or not request.path.endswith(("/mails", "/preview")):
        return errors.rule_broken(broken)
    opportunity = access.opportunity(request.view_args["opportunity_id"], to=me())  # type: ignore[index]
    return _form(opportunity, **_sent(), wrong=broken.message, status=422)


def _said() -> dict[str, str]:
    return {"subject": request.form.get("subject", ""), "body": request.form.get("body", "")}


def _sent() -> dict[str, Any]:
    return {**_said(), "chosen": reading.number(request.form, "template")}


def _form(opportunity: Opportunity, *, status: int = 200, **said: Any) -> ResponseReturnValue:
    letter = _letter(opportunity, **said)
    return record.regions(opportunity.id, "mail_form", composing="mail", letter=letter, status=status)


def _letter(
    opportunity: Opportunity,
    *,
    subject: str = "",
    body: str = "",
    chosen: int | None = None,
    written: Written | None = None,
    wrong: str = "",
    is_asked_for: bool = False,
) -> dict[str, Any]:
    templates = [(row.template.id, row.template.name) for row in settings_mail.templates()]
    return {
        "subject": subject,
        "body": body,
        "chosen": chosen,
        "written": written,
        "wrong": wrong,
        "is_asked_for": is_asked_for,
        "templates": templates,
    }


def _drawn(mail: Mail) -> ResponseReturnValue:
    entry = timeline.entry_of_mail(mail, to=me())
    home = url_for("opportunities.show", opportunity_id=mail.opportunity_id)
    return fragments(("timeline/_entry.html", {"entry": entry, "editing": None}), otherwise=home)
