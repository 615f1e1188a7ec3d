"""The people who work here, to choose from."""

from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.user import Group, GroupKind, Membership, User


def who_can_sign_in() -> list[tuple[int, str]]:
    """Number and name, by name."""
    people = select(User.id, User.name).where(User.is_active).order_by(User.name, User.id)
    return [(id_, name) for id_, name in db.session.execute(people)]


def who_may_own() -> list[tuple[int, str]]:
    """Number and name, by name, of the sales reps who can sign in."""
    reps = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.kind == GroupKind.SALES_REPS, User.is_active)
        .order_by(User.name, User.id)
    )
    return [(id_, name) for id_, name in db.session.execute(reps)]
