"""A rendered form does what it asks for once: its key is taken in the same transaction, or not at all."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from pipeline import clock
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.submission import Submission

FORGOTTEN_AFTER = timedelta(days=2)
LONGEST = 40


class SentAlready(RuleBroken):
    """The same rendered form was sent before, and what it asked for was done."""

    def __init__(self) -> None:
        super().__init__("That was saved already; it was not done twice.")


def take(key: str) -> None:
    """Take the key of a form. Refuses one that was taken; waits for whoever is taking it at this moment."""
    try:
        with db.session.begin_nested():
            db.session.add(Submission(key=key[:LONGEST], sent_at=clock.real()))
    except IntegrityError as error:
        raise SentAlready from error


def forget_the_old() -> None:
    """A form that was open for days is sent again as a new one."""
    db.session.execute(delete(Submission).where(Submission.sent_at < clock.real() - FORGOTTEN_AFTER))
