"""What the settings show of users and groups."""

from collections.abc import Sequence

from sqlalchemy import func, select

from pipeline import folding
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import Group, GroupKind, User


def users() -> Sequence[User]:
    """Everybody, those who can sign in first."""
    return db.session.scalars(select(User).order_by(User.is_active.desc(), folding.folded(User.name), User.id)).all()


def user(user_id: int) -> User:
    found = db.session.get(User, user_id)
    if found is None:
        raise NotVisible("user")
    return found


def open_deals() -> dict[int, int]:
    """How many open opportunities each owner has."""
    rows = db.session.execute(
        select(Opportunity.owner_id, func.count(Opportunity.id))
        .where(Opportunity.status == Status.OPEN, Opportunity.deleted_at.is_(None), Opportunity.owner_id.is_not(None))
        .group_by(Opportunity.owner_id)
    )
    return {owner_id: count for owner_id, count in rows if owner_id is not None}


def heirs(of: User) -> list[User]:
    """Who could take over what someone owns: the other active sales reps."""
    return [each for each in users() if each.is_rep and each.is_active and each is not of]


def groups() -> Sequence[Group]:
    """All groups, those with a meaning first."""
    order = {GroupKind.ADMINISTRATORS: 0, GroupKind.SALES_REPS: 1, GroupKind.TEAM: 2, GroupKind.OTHER: 3}
    found = db.session.scalars(select(Group).order_by(folding.folded(Group.name))).all()
    return sorted(found, key=lambda group: order[group.kind])


def group(group_id: int) -> Group:
    found = db.session.get(Group, group_id)
    if found is None:
        raise NotVisible("group")
    return found
