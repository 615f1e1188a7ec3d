"""Mail templates: a subject and a Markdown body with merge fields."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from pipeline import clock
from pipeline.domain import access, changes, events, mails, merge_fields, naming
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.merge_fields import Values
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.automation import Action, ActionKind, Automation
from pipeline.models.mail import MailTemplate
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up mail templates."
LONGEST = 80
CHANGEABLE = {"name", "subject", "body"}


@dataclass(frozen=True)
class Written:
    """A template with its fields filled in."""

    subject: str
    text: str
    html: str


def create(name: str, *, subject: str, body: str, by: User | None) -> MailTemplate:
    """A new template. Refuses a name that is taken and merge fields that do not exist."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    template = MailTemplate(**_checked(name, subject, body, None))
    db.session.add(template)
    db.session.flush()
    change = Change(field="name", before="", after=template.name)
    events.record(SettingChanged(what="Mail template", changes=[change]), about=template, by=by)
    return template


def change(template: MailTemplate, *, name: str, subject: str, body: str, by: User | None) -> None:
    """Change a template; mails that are still to be written will say the new words."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    values: dict[str, object] = dict(_checked(name, subject, body, template))
    made = changes.between(template, values)
    for change in made:
        setattr(template, change.field, values[change.field])
    if made:
        events.record(SettingChanged(what=f"Mail template “{template.name}”", changes=made), about=template, by=by)


def archive(template: MailTemplate, *, by: User | None) -> None:
    """Put a template away. Refused while an automation sends it."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    users = users_of(template)
    if users:
        names = ", ".join(f"“{automation.name}”" for automation in users)
        raise RuleBroken(f"{names} still sends this mail; let it send another first.")
    template.archived_at = clock.now()
    change = Change(field="archived", before="no", after="yes")
    events.record(SettingChanged(what=f"Mail template “{template.name}”", changes=[change]), about=template, by=by)


def users_of(template: MailTemplate) -> list[Automation]:
    """The automations that send it."""
    return senders().get(template.id, [])


def senders() -> dict[int, list[Automation]]:
    """Template ids, with the automations that send each."""
    sending = db.session.scalars(
        select(Action)
        .join(Action.automation)
        .options(contains_eager(Action.automation))
        .where(Action.kind == ActionKind.SEND_MAIL, Automation.archived_at.is_(None))
        .order_by(Automation.name, Action.id)
    )
    found: dict[int, list[Automation]] = {}
    for action in sending:
        users = found.setdefault(action.settings["template_id"], [])
        if action.automation not in users:
            users.append(action.automation)
    return found


def written(template: MailTemplate, opportunity: Opportunity) -> Written:
    """The mail it makes for an opportunity's contact."""
    values = merge_fields.values_for(opportunity, template.subject, template.body)
    return filled(template.subject, template.body, values)


def filled(subject: str, body: str, values: Values) -> Written:
    return Written(
        subject=" ".join(merge_fields.merge(subject, values).split()),
        text=merge_fields.merge(body, values),
        html=mails.html_of(merge_fields.merge(body, values, escape=merge_fields.for_markdown)),
    )


def _checked(name: str, subject: str, body: str, but: MailTemplate | None) -> dict[str, str]:
    subject = " ".join(subject.split())
    if not name.strip() or not subject or not body.strip():
        raise RuleBroken("A mail template needs a name, a subject and a text.")
    for text in (subject, body):
        merge_fields.refuse_unknown(text)
    name = naming.free(MailTemplate, name, noun="mail template", longest=LONGEST, but=but)
    return {"name": name, "subject": subject, "body": body.replace("\r\n", "\n").strip()}
