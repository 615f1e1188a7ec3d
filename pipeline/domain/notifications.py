"""What users are told in the app, under the bell; the more pressing also by mail."""

from sqlalchemy import ColumnElement, func, select, update

from pipeline import clock
from pipeline.domain import events, mails
from pipeline.domain.facts import OpportunityShared, OwnerChanged
from pipeline.domain.rules import NotVisible
from pipeline.domain.waking_facts import OpportunityWoke
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

LONGEST = 300
LONGEST_QUOTE = 120


def tell(
    user: User, text: str, *, purpose: str, opportunity: Opportunity | None = None, by_mail: bool = False
) -> Notification:
    """Tell a user something, once for each purpose, such as `event:9`."""
    told = db.session.scalar(
        select(Notification).where(Notification.user_id == user.id, Notification.purpose == purpose)
    )
    if told is not None:
        return told
    notification = Notification(
        user=user, purpose=purpose, text=text[:LONGEST], opportunity=opportunity, told_at=clock.now()
    )
    db.session.add(notification)
    if by_mail:
        subject = opportunity.title if opportunity else text
        mails.write(
            purpose=f"{purpose}:{user.id}", to_address=user.email, to_name=user.name, subject=subject, text=text
        )
    return notification


def tell_new_owner(event: Event) -> None:
    """Tell someone that an opportunity is theirs now, unless they took it themselves or it has gone on since."""
    fact, opportunity = events.fact_of(event), opportunity_of(event)
    if not isinstance(fact, OwnerChanged) or opportunity is None or opportunity.owner_id != fact.after_id:
        return
    owner = db.session.get(User, fact.after_id) if fact.after_id else None
    if owner is None or owner.id == event.actor_id or not owner.is_active:
        return
    words = f"{actor(event)} made you the owner of {opportunity.title}."
    tell(owner, words, purpose=f"event:{event.id}", opportunity=opportunity)


def tell_shared(event: Event) -> None:
    """Tell someone that an opportunity was shared with them."""
    fact, opportunity = events.fact_of(event), opportunity_of(event)
    if not isinstance(fact, OpportunityShared) or opportunity is None:
        return
    user = db.session.get(User, fact.user_id)
    if user is None or user.id == event.actor_id or not user.is_active:
        return
    words = f"{actor(event)} shared {opportunity.title} with you."
    tell(user, words, purpose=f"event:{event.id}", opportunity=opportunity)


def tell_woke(event: Event) -> None:
    """Tell the owner that a deal at rest asks for attention again."""
    fact, opportunity = events.fact_of(event), opportunity_of(event)
    if not isinstance(fact, OpportunityWoke) or opportunity is None or opportunity.owner is None:
        return
    words = f"{opportunity.title} woke up today. It rests in {opportunity.stage.name}."
    if opportunity.owner.is_active:
        tell(opportunity.owner, words, purpose=f"event:{event.id}", opportunity=opportunity)


def unread_count(user: User) -> int:
    return db.session.scalar(select(func.count(Notification.id)).where(_unread(user))) or 0


def mark_read(notification: Notification, *, by: User) -> None:
    """One's own only; read is read, however often."""
    if notification.user_id != by.id:
        raise NotVisible("notification")
    notification.read_at = notification.read_at or clock.now()


def mark_all_read(*, by: User) -> None:
    db.session.execute(update(Notification).where(_unread(by)).values(read_at=clock.now()))


def _unread(user: User) -> ColumnElement[bool]:
    return (Notification.user_id == user.id) & Notification.read_at.is_(None)


def opportunity_of(event: Event) -> Opportunity | None:
    """What it happened to, unless that was deleted since."""
    opportunity = db.session.get(Opportunity, event.opportunity_id) if event.opportunity_id else None
    return opportunity if opportunity and opportunity.deleted_at is None else None


def actor(event: Event) -> str:
    """Who did it, by name."""
    return event.actor.name if event.actor else "The system"


def quoted(text: str) -> str:
    """What somebody wrote, on one line, as far as there is room for it."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
