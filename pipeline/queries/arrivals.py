"""What every request asks first, at once: who comes, with what their rights need, what waits for them, and where."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from pipeline.domain.installation import ONLY_ROW
from pipeline.extensions import db
from pipeline.models.installation import Installation
from pipeline.models.notification import Notification
from pipeline.models.user import User


class Arrival(NamedTuple):
    """Who came, `unread` notifications, and where they work, once that was ever said."""

    person: User
    unread: int
    here: Installation | None


UNREAD = (
    select(func.count(Notification.id))
    .where(Notification.user_id == User.id, Notification.read_at.is_(None))
    .correlate(User)
    .scalar_subquery()
)
WITH_RIGHTS = joinedload(User.memberships)
ARRIVAL = (
    select(User, UNREAD, Installation)
    .outerjoin(Installation, Installation.id == ONLY_ROW)
    .where(User.id == bindparam("number"))
    .options(WITH_RIGHTS)
)


def of(number: int) -> Arrival | None:
    """Whoever has this number, their rights, and where they work: for the rules of a change that hang on it."""
    row = db.session.execute(ARRIVAL, {"number": number}).unique().one_or_none()
    return Arrival(*row) if row else None
