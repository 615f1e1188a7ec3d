"""Receipts, as the workers write them."""

from pipeline.domain import receipts
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.tasks import task


@task("receipts.send")
def send_receipt(event_id: int) -> None:
    receipts.follow(db.session.get_one(Event, event_id))
