"""Following an opportunity: being told under the bell what others do to it. It gives no right but that."""

from datetime import timedelta

from sqlalchemy import exists, select

from pipeline import clock
from pipeline.domain import access, events, notifications, owning
from pipeline.domain.facts import NoteWritten, OpportunityMoved, OwnerChanged, StatusChanged
from pipeline.domain.following_facts import FollowerAdded, FollowerLeft
from pipeline.domain.holding import hold
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.follower import Follower
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.user import User

A_MOMENT = timedelta(seconds=1)


def follow(opportunity: Opportunity, user: User, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Have someone told of it. Whoever sees it may follow; who may edit it adds others.

    Someone who could not see it gets it shared for reading, so whoever may not share it may not add them. Following
    twice changes nothing.
    """
    hold(opportunity)
    _refuse_unless_theirs(opportunity, user, by)
    if db.session.get(Follower, (opportunity.id, user.id)) is not None:
        return
    if not user.is_active:
        raise RuleBroken(f"{user.name} cannot sign in any more; choose someone else.")
    if not access.may_see(user, opportunity):
        owning.share(opportunity, user, ShareLevel.READ, by=by)
    db.session.add(Follower(opportunity_id=opportunity.id, user_id=user.id, since=clock.now()))
    events.record(FollowerAdded(user_id=user.id, user=user.name), about=opportunity, by=by, via=via)


def unfollow(opportunity: Opportunity, user: User, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Have someone told of it no more: oneself, or anybody by who may edit it."""
    hold(opportunity)
    _refuse_unless_theirs(opportunity, user, by)
    standing = db.session.get(Follower, (opportunity.id, user.id))
    if standing is None:
        return
    db.session.delete(standing)
    events.record(FollowerLeft(user_id=user.id, user=user.name), about=opportunity, by=by, via=via)


def tell_followers(event: Event) -> None:
    """Tell each follower what somebody else did, as long as they may see it."""
    opportunity = notifications.opportunity_of(event)
    if opportunity is None or (words := _words(event, opportunity)) is None:
        return
    followers = db.session.scalars(
        select(User)
        .join(Follower, Follower.user_id == User.id)
        .where(Follower.opportunity_id == opportunity.id, User.is_active)
    )
    for user in followers:
        if user.id != event.actor_id and access.may_see(user, opportunity):
            notifications.tell(user, words, purpose=f"event:{event.id}", opportunity=opportunity)


def _refuse_unless_theirs(opportunity: Opportunity, user: User, by: User | None) -> None:
    if by is None or by.id != user.id:
        access.refuse_unless_editable(opportunity, by=by)
    elif not access.may_see(by, opportunity):
        raise NotVisible("opportunity")


def _words(event: Event, opportunity: Opportunity) -> str | None:
    """What a follower reads. A move that closed it is told once, as a move."""
    who, title, fact = notifications.actor(event), opportunity.title, events.fact_of(event)
    match fact:
        case OpportunityMoved():
            return f"{who} moved {title} from {fact.source} to {fact.target}."
        case StatusChanged():
            return None if _came_with_a_move(event) else f"{who} marked {title} {fact.after}."
        case OwnerChanged():
            return (
                f"{who} made {fact.after} the owner of {title}."
                if fact.after
                else f"{who} took {title} from its owner."
            )
        case NoteWritten():
            return f"{who} wrote on {title}: {notifications.quoted(fact.body)}"
        case _:
            return None


def _came_with_a_move(event: Event) -> bool:
    moved = exists().where(
        Event.opportunity_id == event.opportunity_id,
        Event.kind == OpportunityMoved.kind(),
        Event.id < event.id,
        Event.happened_at >= event.happened_at - A_MOMENT,
    )
    return bool(db.session.scalar(select(moved)))
