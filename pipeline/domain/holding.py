"""Taking a record in hand: the row as it is now, locked until the transaction ends."""

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity


def hold(thing: Opportunity | Contact, *, deleted: bool = False) -> None:
    """Reload the row under lock, so that a verb decides on what is true; a row deleted meanwhile does not exist."""
    db.session.flush()
    db.session.refresh(thing, with_for_update=True)
    if (thing.deleted_at is not None) is not deleted:
        raise NotVisible(type(thing).__name__.lower())
