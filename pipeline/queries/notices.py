"""What one person was told, the newest first."""

from typing import NamedTuple

from sqlalchemy import select, true

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.notification import Notification
from pipeline.models.user import User

PAGE = 50


class Told(NamedTuple):
    notifications: list[Notification]
    older: int | None

    @property
    def has_unread(self) -> bool:
        return any(each.read_at is None for each in self.notifications)


def told(user: User, *, before: int | None = None, most: int = PAGE) -> Told:
    found = db.session.scalars(
        select(Notification)
        .where(Notification.user_id == user.id, Notification.id < before if before else true())
        .order_by(Notification.id.desc())
        .limit(most + 1)
    ).all()
    page = list(found[:most])
    return Told(page, page[-1].id if len(found) > most else None)


def notification(notification_id: int, user: User) -> Notification:
    """One's own; there is no other."""
    found = db.session.get(Notification, notification_id)
    if found is None or found.user_id != user.id:
        raise NotVisible("notification")
    return found
