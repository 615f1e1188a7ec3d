"""Groups: administrators and sales reps have meaning; a team's managers see its members' records."""

from collections.abc import Collection

from pipeline.domain import access, events, naming, people
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change
from pipeline.domain.people import ADMINS_ONLY
from pipeline.domain.people_facts import GroupChanged, GroupCreated, GroupDeleted
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.user import Group, GroupKind, Membership, User

LONGEST = 60
FREE = (GroupKind.TEAM, GroupKind.OTHER)


def create(name: str, kind: GroupKind, *, by: User | None) -> Group:
    """A new team or other group."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if kind not in FREE:
        raise RuleBroken("There is one group of administrators and one of sales reps; add people to those.")
    group = Group(name=naming.free(Group, name, noun="group", longest=LONGEST), kind=kind, memberships=[])
    db.session.add(group)
    db.session.flush()
    events.record(GroupCreated(group_id=group.id, group=group.name), about=group, by=by)
    return group


def change(
    group: Group, *, name: str, members: Collection[User], managers: Collection[User] = (), by: User | None
) -> None:
    """Rename it, and say who is in it and who of them manages it. The people's own rules hold: see `people.change`."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    before = Change("members", _spoken(group), "")
    old_name, group.name = group.name, naming.free(Group, name, noun="group", longest=LONGEST, but=group)
    _refuse_losses(group, members)
    standing = {membership.user_id: membership for membership in group.memberships}
    group.memberships = [standing.get(user.id) or Membership(user=user) for user in members]
    for membership in group.memberships:
        membership.is_manager = group.kind is GroupKind.TEAM and membership.user in managers
    db.session.flush()
    made = [Change("members", before.before, _spoken(group)), Change("name", old_name, group.name)]
    made = [each for each in made if each.before != each.after]
    if made:
        events.record(GroupChanged(group_id=group.id, group=group.name, changes=made), about=group, by=by)


def delete(group: Group, *, by: User | None) -> None:
    """Dissolve a team or other group; its people stay."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if group.kind not in FREE:
        raise RuleBroken(f"{group.name} cannot be deleted: the rules of the house hang on it.")
    events.record(GroupDeleted(group_id=group.id, group=group.name), about=group, by=by)
    db.session.delete(group)


def _refuse_losses(group: Group, members: Collection[User]) -> None:
    for membership in group.memberships:
        if membership.user not in members:
            people.refuse_leaving(membership.user, group)


def _spoken(group: Group) -> str:
    return ", ".join(
        sorted(f"{each.user.name} (manager)" if each.is_manager else each.user.name for each in group.memberships)
    )
