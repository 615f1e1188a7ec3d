"""Who owns an opportunity, and who else it is shared with."""

from enum import Enum

from pipeline.domain import access, changes, events
from pipeline.domain.facts import OpportunityShared, OpportunityUnshared, OwnerChanged
from pipeline.domain.holding import hold
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Share, ShareLevel
from pipeline.models.user import User


class Ownership(Enum):
    """Whose a new one is when nobody is named, which is something else than nobody's."""

    MAKERS = "maker's"


def owner_of_new(owner: User | Ownership | None, *, by: User | None) -> User | None:
    """Who was named, or nobody; if nothing was said of it, its maker if that is a sales rep."""
    if isinstance(owner, Ownership):
        owner = by if by and by.is_rep else None
    refuse_owner(owner, by=by)
    return owner


def assign(
    opportunity: Opportunity,
    owner: User | None,
    *,
    by: User | None,
    via: Via = Via.RECORD,
    seen_version: int | None = None,
    because: Event | None = None,
) -> None:
    """Hand it over. Only its owner, their manager or an admin may; only a sales rep may get it."""
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    before = opportunity.owner
    if owner is before:
        return
    access.refuse_unless_owns(opportunity, by=by)
    refuse_owner(owner, by=by)
    changes.refuse_if_changed_since(opportunity, seen_version, ["owner"])
    _give(opportunity, owner, by=by, via=via, because=because)


def give_back(opportunity: Opportunity, owner: User | None, *, taken_by: User, by: User | None, via: Via) -> None:
    """Take back one's own handing over, for which no right is needed; refused once it has gone on to somebody else."""
    hold(opportunity)
    if opportunity.owner is not taken_by:
        now = opportunity.owner.name if opportunity.owner else "nobody"
        raise RuleBroken(f"It belongs to {now} by now, and was left there.")
    if owner is not None:
        refuse_owner(owner, by=None)
    _give(opportunity, owner, by=by, via=via, because=None)


def _give(opportunity: Opportunity, owner: User | None, *, by: User | None, via: Via, because: Event | None) -> None:
    before, opportunity.owner = opportunity.owner, owner
    opportunity.version += 1
    fact = OwnerChanged(
        before_id=before.id if before else None,
        before=before.name if before else "",
        after_id=owner.id if owner else None,
        after=owner.name if owner else "",
        version=opportunity.version,
    )
    events.record(fact, about=opportunity, by=by, via=via, because=because)


def share(opportunity: Opportunity, user: User, level: ShareLevel, *, by: User | None) -> None:
    """Let someone else see it, or also work it. Sharing again changes the level."""
    hold(opportunity)
    access.refuse_unless_owns(opportunity, by=by)
    if not user.is_active:
        raise RuleBroken(f"{user.name} cannot sign in any more; choose someone else.")
    standing = next((share for share in opportunity.shares if share.user_id == user.id), None)
    if standing is not None and standing.level is level:
        return
    if standing is not None:
        standing.level = level
    else:
        opportunity.shares.append(Share(user=user, level=level))
    fact = OpportunityShared(user_id=user.id, user=user.name, level=level)
    events.record(fact, about=opportunity, by=by, via=Via.RECORD)


def unshare(opportunity: Opportunity, user: User, *, by: User | None) -> None:
    """Take a share back. Anyone may give back their own."""
    hold(opportunity)
    if by is None or by.id != user.id:
        access.refuse_unless_owns(opportunity, by=by)
    standing = next((share for share in opportunity.shares if share.user_id == user.id), None)
    if standing is None:
        return
    opportunity.shares.remove(standing)
    events.record(OpportunityUnshared(user_id=user.id, user=user.name), about=opportunity, by=by, via=Via.RECORD)


def refuse_owner(owner: User | None, *, by: User | None) -> None:
    """Refuse someone who may not own opportunities, and an ownerless deal its maker could not see again."""
    if owner is None:
        if by is not None and not access.sees_all(by):
            raise RuleBroken("Only sales reps own opportunities and you are not one: choose an owner, or ask an admin.")
        return
    if not owner.is_active:
        raise RuleBroken(f"{owner.name} cannot sign in any more; choose another owner.")
    if not owner.is_rep:
        raise RuleBroken(f"{owner.name} is not a sales rep, and only they own opportunities. An admin sets the groups.")
