"""Telling followers, as the workers do it."""

from pipeline.domain import following
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.tasks import task


@task("following.tell_followers")
def tell_followers(event_id: int) -> None:
    following.tell_followers(db.session.get_one(Event, event_id))
