"""Send one mail, made from a template, to the opportunity's contact."""

from datetime import datetime

from pipeline.domain import mail_templates, mails, merge_fields, times
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending, Reversal
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step, StepState
from pipeline.models.mail import MailTemplate
from pipeline.models.opportunity import Opportunity

NO_LINK = "the deal has no active buy-now link"


class SendMailSettings(base.ActionSettings):
    template_id: int


class SendMail(ActionType):
    kind = ActionKind.SEND_MAIL
    name = "Send a mail"
    hint = "One mail to the contact, from a template. Not sent, and said so, when the contact has no mail address."
    Settings = SendMailSettings
    leaves_the_house = True
    says_when = True

    def check(self, settings: SendMailSettings) -> None:
        template = db.session.get(MailTemplate, settings.template_id)
        if template is None or template.archived_at is not None:
            raise RuleBroken("That mail template is not in use any more; choose another.")

    def describe(self, settings: SendMailSettings) -> str:
        template = db.session.get(MailTemplate, settings.template_id)
        return f"send the mail “{template.name if template else 'deleted'}”"

    def foresee(self, settings: SendMailSettings, opportunity: Opportunity, due_at: datetime) -> str:
        template, contact = db.session.get(MailTemplate, settings.template_id), opportunity.contact
        name = f"“{template.name if template else 'deleted'}”"
        if not contact.email:
            return f"Does not send {name}: {contact.name} has no mail address"
        if template and merge_fields.lacks_link(opportunity, template.subject, template.body):
            return f"Does not send {name} as it is now: {NO_LINK}"
        return f"Sends {name} to {contact.name} {times.moment(due_at, contact.time_zone, opportunity.owner)}"

    def reverse(self, step: Step, settings: SendMailSettings) -> Reversal:
        mail = step.mail
        if mail is None or mails.cancel(mail, "what led to it was undone"):
            return base.NOTHING
        db.session.refresh(mail)
        who = mail.to_name or mail.to_address
        if mail.sent_at is None:
            return Reversal(remains=f"The mail “{mail.subject}” to {who} was just leaving.")
        there = times.at(mail.sent_at, step.run.opportunity.owner)
        return Reversal(remains=f"The mail “{mail.subject}” to {who} had already left at {there}.")

    def perform(self, step: Step, settings: SendMailSettings) -> Ending | None:
        opportunity = step.run.opportunity
        contact = opportunity.contact
        if contact.deleted_at is not None:
            return base.suppressed("the contact was deleted")
        if not contact.email:
            return base.suppressed(f"{contact.name} has no mail address")
        template = db.session.get_one(MailTemplate, settings.template_id)
        if merge_fields.lacks_link(opportunity, template.subject, template.body):
            return base.suppressed(NO_LINK)
        written = mail_templates.written(template, opportunity)
        step.mail = mails.write(
            purpose=f"step:{step.id}",
            to_address=contact.email,
            to_name=contact.name,
            subject=written.subject,
            text=written.text,
            html=written.html,
            opportunity=opportunity,
            template=template,
            reply_to=opportunity.owner.email if opportunity.owner else None,
        )
        step.state = StepState.BEGUN
        return None
