"""What others did to the cards of a board since somebody last looked, in one sentence to be said aloud."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from pipeline.domain.facts import OpportunityMoved
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.user import User


def since(then: datetime, cards: Collection[int], *, seen_by: User) -> str:
    """“Ben moved 2 cards.” Nothing of one's own, nor of what is not among `cards`; empty if there is nothing to say."""
    events = db.session.execute(
        select(Event.opportunity_id, Event.kind, Event.actor_id, User.name)
        .outerjoin(User, Event.actor_id == User.id)
        .where(Event.opportunity_id.in_(cards), Event.happened_at > then)
    ).all()
    others = [event for event in events if event.actor_id != seen_by.id]
    if not others:
        return ""
    changed = len({event.opportunity_id for event in others})
    actors = {event.name for event in others}
    only_moves = {event.kind for event in others} == {OpportunityMoved.kind()}
    what = f"{changed} card" if changed == 1 else f"{changed} cards"
    if len(actors) > 1 or actors == {None}:
        return f"{what} changed."
    return f"{actors.pop()} {'moved' if only_moves else 'changed'} {what}."
