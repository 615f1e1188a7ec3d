"""Every mail that was written, the newest first."""

from typing import NamedTuple

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.mail import Mail

PAGE = 50


class Box(NamedTuple):
    mails: list[Mail]
    older: int | None


def box(*, before: int | None = None) -> Box:
    """A page of the mailbox, by keyset."""
    found = db.session.scalars(
        select(Mail).where(Mail.id < before if before else true()).order_by(Mail.id.desc()).limit(PAGE + 1)
    ).all()
    mails = list(found[:PAGE])
    return Box(mails, mails[-1].id if len(found) > PAGE else None)


def mail(mail_id: int) -> Mail:
    found = db.session.scalar(select(Mail).where(Mail.id == mail_id).options(joinedload(Mail.opportunity)))
    if found is None:
        raise NotVisible("mail")
    return found
