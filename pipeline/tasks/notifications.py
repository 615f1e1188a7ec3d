"""Telling people, as the workers do it."""

from pipeline.domain import notifications, offer_notices
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.tasks import task


@task("notifications.tell_new_owner")
def tell_new_owner(event_id: int) -> None:
    notifications.tell_new_owner(db.session.get_one(Event, event_id))


@task("notifications.tell_woke")
def tell_woke(event_id: int) -> None:
    notifications.tell_woke(db.session.get_one(Event, event_id))


@task("notifications.tell_shared")
def tell_shared(event_id: int) -> None:
    notifications.tell_shared(db.session.get_one(Event, event_id))


@task("notifications.tell_of_offer")
def tell_of_offer(event_id: int) -> None:
    offer_notices.tell_owner(db.session.get_one(Event, event_id))
