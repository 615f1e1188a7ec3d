"""What every request asks first, at once: who comes, with what their rights need, what waits for them, the clock."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from pipeline.domain.installation import ONLY_ROW
from pipeline.extensions import db
from pipeline.models.installation import Installation
from pipeline.models.notification import Notification
from pipeline.models.user import User


class Arrival(NamedTuple):
    """`unread` notifications; and by how many seconds a demo's clock runs ahead, `None` where this is no demo."""

    person: User
    unread: int
    clock_offset: int | None


UNREAD = (
    select(func.count(Notification.id))
    .where(Notification.user_id == User.id, Notification.read_at.is_(None))
    .correlate(User)
    .scalar_subquery()
)
OFFSET = select(Installation.clock_offset).where(Installation.id == ONLY_ROW, Installation.is_demo).scalar_subquery()
WITH_RIGHTS = joinedload(User.memberships)
ARRIVAL = select(User, UNREAD, OFFSET).where(User.id == bindparam("number")).options(WITH_RIGHTS)
AGAIN = (
    select(User, Installation)
    .outerjoin(Installation, Installation.id == ONLY_ROW)
    .where(User.id == bindparam("number"))
    .options(WITH_RIGHTS)
)


def of(number: int) -> Arrival | None:
    row = db.session.execute(ARRIVAL, {"number": number}).unique().one_or_none()
    return Arrival(*row) if row else None


def again(number: int) -> tuple[User, Installation | None]:
    """The person and their rights as they are now, after all that was read before was forgotten; and where they work,
    for the rules of a change that hang on it.
    """
    person, here = db.session.execute(AGAIN, {"number": number}).unique().one()
    return person, here
