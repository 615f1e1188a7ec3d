"""What a person does about promises that wait or came to grief: do it now, try again, or leave it."""

from pipeline import clock
from pipeline.domain import access, mails, outbox, steps
from pipeline.domain.access import Permission
from pipeline.domain.automation import TAKE_STEP
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.automation import Step, StepState
from pipeline.models.mail import MailState
from pipeline.models.outbox import OutboxMessage
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator may retry or skip what automations do."
OVER = "It is settled already; nothing was changed."


def retry(step: Step, *, by: User | None) -> None:
    """Take a failed step again. For a mail that may have gone, this is the person's word to send it again."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    promise = promise_of(step)
    if step.state is StepState.WAITING and promise is not None:
        outbox.renew(promise)
        return
    if not step.state.needs_a_person:
        raise RuleBroken(OVER)
    step.receipt = f"tried again by {by.name}" if by else None
    if step.mail is not None and promise is not None:
        step.state, step.mail.state = StepState.BEGUN, MailState.SCHEDULED
        outbox.renew(promise)
        return
    step.state = StepState.WAITING
    step.message = outbox.put(TAKE_STEP, about=step.run.event, step_id=step.id)


def skip(step: Step, *, by: User | None) -> None:
    """Leave a step undone. Refused when it is done already, or just being done."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if not (step.state.is_pending or step.state.needs_a_person):
        raise RuleBroken(OVER)
    promise = promise_of(step)
    if promise is not None and not outbox.close(promise):
        raise RuleBroken("It is just being done; look again in a moment.")
    if step.mail is not None:
        step.mail.state = MailState.CANCELLED
    steps.settle(step, StepState.SKIPPED, f"skipped by {by.name}" if by else "skipped", by=by)


def retry_promise(promise: OutboxMessage, *, by: User | None) -> None:
    """Try a promise again that belongs to no step."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    outbox.renew(promise)


def skip_promise(promise: OutboxMessage, *, by: User | None) -> None:
    """Leave a promise unkept that belongs to no step."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if not outbox.close(promise):
        raise RuleBroken(OVER)
    promise.last_error = f"skipped by {by.name} at {clock.now():%Y-%m-%d %H:%M} UTC" if by else "skipped"


def promise_of(step: Step) -> OutboxMessage | None:
    """What the step waits for: the delivery of its mail once that is written, else its own promise."""
    if step.mail is not None:
        return mails.promise_of(step.mail)
    return db.session.get(OutboxMessage, step.message_id) if step.message_id else None
