"""What the settings of mail templates show."""

from typing import NamedTuple

from sqlalchemy import select

from pipeline.domain import mail_templates
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.automation import Automation
from pipeline.models.mail import MailTemplate
from pipeline.models.opportunity import Opportunity


class Row(NamedTuple):
    template: MailTemplate
    users: list[Automation]


def templates() -> list[Row]:
    """Those in use, with the automations that send each."""
    known = select(MailTemplate).where(MailTemplate.archived_at.is_(None)).order_by(MailTemplate.name)
    senders = mail_templates.senders()
    return [Row(template, senders.get(template.id, [])) for template in db.session.scalars(known)]


def template(template_id: int) -> MailTemplate:
    found = db.session.get(MailTemplate, template_id)
    if found is None or found.archived_at is not None:
        raise NotVisible("mail template")
    return found


def example() -> Opportunity | None:
    """The newest opportunity, to try a text on."""
    return db.session.scalar(
        select(Opportunity).where(Opportunity.deleted_at.is_(None)).order_by(Opportunity.id.desc()).limit(1)
    )
