"""Mails that a person writes to the contact of a deal: by hand or from a template, with time to take them back."""

from secrets import token_urlsafe

from pipeline import clock
from pipeline.domain import access, events, mail_templates, mails, merge_fields, undoables
from pipeline.domain.facts import MailWritten
from pipeline.domain.mail_templates import Written
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.mail import Mail, MailTemplate
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

LONGEST = 20_000


def draft(template: MailTemplate, opportunity: Opportunity) -> Written:
    """What a template says to this contact, to be changed before it goes."""
    return mail_templates.written(template, opportunity)


def reading(opportunity: Opportunity, subject: str, body: str) -> Written:
    """The mail as it will be read, its merge fields filled in. Refuses an empty one and fields that do not exist."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    if not subject or not body:
        raise RuleBroken("A mail needs a subject and a text.")
    if len(subject) > mails.LONGEST_SUBJECT or len(body) > LONGEST:
        raise RuleBroken(f"A subject has at most {mails.LONGEST_SUBJECT} letters, a mail {LONGEST}.")
    for text in (subject, body):
        merge_fields.refuse_unknown(text)
    if merge_fields.lacks_link(opportunity, subject, body):
        raise RuleBroken("The mail names the buy-now link, and this deal has no active one. Create one first.")
    return mail_templates.filled(subject, body, merge_fields.values_for(opportunity, subject, body))


def send(opportunity: Opportunity, subject: str, body: str, *, by: User, template: MailTemplate | None = None) -> Mail:
    """Write to the contact; it leaves once it can not be taken back any more. Answers come to who wrote it."""
    access.refuse_unless_editable(opportunity, by=by)
    contact = opportunity.contact
    if not contact.email:
        raise RuleBroken(f"{contact.name} has no mail address yet; add one to the contact.")
    written = reading(opportunity, subject, body)
    mail = mails.write(
        purpose=f"letter:{token_urlsafe(16)}",
        to_address=contact.email,
        to_name=contact.name,
        subject=written.subject,
        text=written.text,
        html=written.html,
        opportunity=opportunity,
        template=template,
        reply_to=by.email,
        hold_until=clock.now() + undoables.window(),
    )
    fact = MailWritten(mail_id=mail.id, to=mail.to_address, subject=mail.subject, text=mail.text)
    events.record(fact, about=mail, by=by, via=Via.RECORD)
    return mail


def take_back(mail: Mail, *, by: User) -> None:
    """Stop a mail that has not left yet."""
    if mail.opportunity is None:
        raise NotVisible("mail")
    access.refuse_unless_editable(mail.opportunity, by=by)
    if not mails.cancel(mail, f"taken back by {by.name}"):
        raise RuleBroken("It has left already and can not be taken back.")


def on(opportunity: Opportunity, mail_id: int) -> Mail:
    """One mail of an opportunity."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.opportunity_id != opportunity.id:
        raise NotVisible("mail")
    return mail
