"""Mails: written with the change that causes them, delivered by a worker, each with what became of it."""

from dataclasses import dataclass
from datetime import datetime

from markdown_it import MarkdownIt
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import contacts, events, outbox, steps
from pipeline.domain.facts import MailSettled
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import Step, StepState
from pipeline.models.contact import Contact
from pipeline.models.mail import Carrier, Mail, MailState, MailTemplate
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import Lane, OutboxMessage, PromiseState

DELIVER = "mail.deliver"
LONGEST_SUBJECT = 255

STATES = {
    PromiseState.DONE: MailState.SENT,
    PromiseState.WAITING: MailState.SCHEDULED,
    PromiseState.REFUSED: MailState.FAILED,
    PromiseState.DEAD: MailState.FAILED,
    PromiseState.UNKNOWN: MailState.UNKNOWN,
    PromiseState.HELD: MailState.HELD,
}
STEP_STATES = {
    MailState.SENT: StepState.DONE,
    MailState.FAILED: StepState.FAILED,
    MailState.UNKNOWN: StepState.UNKNOWN,
    MailState.HELD: StepState.HELD,
    MailState.CANCELLED: StepState.CANCELLED,
}

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})


@dataclass(frozen=True)
class Parcel:
    """All that a carrier needs to know of a mail."""

    message_id: str
    written_at: datetime
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    reply_to: str | None


def write(
    *,
    purpose: str,
    to_address: str,
    to_name: str = "",
    subject: str,
    text: str,
    html: str = "",
    opportunity: Opportunity | None = None,
    contact: Contact | None = None,
    template: MailTemplate | None = None,
    reply_to: str | None = None,
    hold_until: datetime | None = None,
) -> Mail:
    """Write a mail and promise its delivery, at once or not before `hold_until`.

    `purpose` is what it is for, such as `step:17`: for one purpose there is one mail, however often it is written.
    """
    written = db.session.scalar(select(Mail).where(Mail.purpose == purpose))
    if written is not None:
        return written
    mail = Mail(
        purpose=purpose,
        to_address=contacts.normalised_email(to_address),
        to_name=_on_one_line(to_name),
        subject=_on_one_line(subject)[:LONGEST_SUBJECT],
        text=text,
        html=html,
        reply_to=reply_to,
        state=MailState.SCHEDULED,
        opportunity=opportunity,
        contact=contact or (opportunity.contact if opportunity else None),
        template=template,
        created_at=clock.now(),
    )
    if not mail.to_address:
        raise RuleBroken("A mail needs an address to go to.")
    db.session.add(mail)
    db.session.flush()
    promise = outbox.put(DELIVER, due_at=hold_until, lane=Lane.OUTSIDE, key=_key(mail), mail_id=mail.id)
    promise.opportunity_id = mail.opportunity_id
    return mail


def html_of(markdown: str) -> str:
    """HTML from Markdown; HTML that is written in it is shown, not obeyed."""
    return str(_markdown.render(markdown))


def pack(mail_id: int, carrier: Carrier, host: str) -> Parcel | None:
    """Take a mail for delivery; none if that is no longer wanted. Its Message-ID is the same at every try."""
    mail = db.session.get_one(Mail, mail_id)
    if mail.state in {MailState.SENT, MailState.CANCELLED}:
        return None
    if mail.opportunity is not None and mail.opportunity.deleted_at is not None:
        _become(mail, MailState.CANCELLED, "the opportunity was deleted")
        return None
    mail.state = MailState.CLAIMED
    mail.carrier = carrier
    mail.message_id = f"<mail.{mail.id}.{int(mail.created_at.timestamp())}@{host}>"
    return Parcel(
        message_id=mail.message_id,
        written_at=mail.created_at,
        to_address=mail.to_address,
        to_name=mail.to_name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        reply_to=mail.reply_to,
    )


def note(state: PromiseState, remark: str, mail_id: int) -> None:
    """Write down what became of a mail's delivery."""
    mail = db.session.get_one(Mail, mail_id)
    if state is PromiseState.DONE:
        mail.sent_at = clock.now()
    _become(mail, STATES[state], remark)


def promise_of(mail: Mail) -> OutboxMessage | None:
    return db.session.scalar(select(OutboxMessage).where(OutboxMessage.key == _key(mail)))


def cancel(mail: Mail, why: str) -> bool:
    """Stop a mail that has not left. Says whether it could still be stopped."""
    promise = promise_of(mail)
    if promise is None or not outbox.cancel(promise.id):
        return False
    mail.state = MailState.CANCELLED
    mail.remark = why
    return True


def _become(mail: Mail, state: MailState, remark: str) -> None:
    mail.state = state
    mail.remark = remark or None
    step = steps.in_hand(Step.mail_id == mail.id)
    if step is not None:
        _tell_step(step, mail, state, remark)
    elif mail.opportunity is not None and state in STEP_STATES:
        fact = MailSettled(mail_id=mail.id, to=mail.to_address, subject=mail.subject, state=state, remark=remark)
        events.record(fact, about=mail.opportunity, by=None, via=Via.SYSTEM)


def _tell_step(step: Step, mail: Mail, state: MailState, remark: str) -> None:
    if state not in STEP_STATES:
        step.receipt = remark
        return
    words = f"“{mail.subject}” sent to {mail.to_address}" if state is MailState.SENT else remark
    steps.settle(step, STEP_STATES[state], words)


def _key(mail: Mail) -> str:
    return f"mail:{mail.id}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
