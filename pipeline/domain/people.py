"""People who sign in: the first administrator, invitations, changes, and those who leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import access, changes, contacts, events, passwords
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change
from pipeline.domain.people_facts import (
    PasswordSet,
    PersonChanged,
    PersonDeactivated,
    PersonInvited,
    PersonReactivated,
)
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import Group, GroupKind, Membership, User

ADMINS_ONLY = "Only an administrator manages users and groups."
LONGEST = 120
RIGHTS = ("may_view_all", "may_edit_all", "may_add", "may_search", "may_delete", "may_edit_closed")
OWN = ("name", "time_zone", "locale")


@dataclass(frozen=True)
class Newcomer:
    """Who is to be let in: a name, a mail address, and how they read times and numbers."""

    name: str
    email: str
    time_zone: str = "UTC"
    locale: str = "en"


def there_is_an_administrator() -> bool:
    found = select(User.id).join(Membership).join(Group)
    return db.session.scalar(found.where(Group.kind == GroupKind.ADMINISTRATORS, User.is_active)) is not None


def invite(
    newcomer: Newcomer, *, groups: Sequence[Group] = (), rights: Mapping[str, bool] | None = None, by: User | None
) -> User:
    """Let someone in. They choose their password themselves, by a link. Refuses an address that is taken."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    person = User(
        name=_named(newcomer.name),
        email=free_address(newcomer.email),
        time_zone=newcomer.time_zone,
        locale=newcomer.locale,
        created_at=clock.now(),
        memberships=[Membership(group=group) for group in groups],
        **{right: allowed for right, allowed in (rights or {}).items() if right in RIGHTS},
    )
    db.session.add(person)
    db.session.flush()
    events.record(PersonInvited(user_id=person.id, name=person.name), about=person, by=by)
    return person


def change(person: User, *, by: User, groups: Iterable[Group] | None = None, **values: object) -> None:
    """Change who someone is and what they may do. One's own name, zone and locale anybody may; the rest admins.

    Refuses to take the last administrator's rights, and a sales rep's place from someone who owns open deals.
    """
    if by is not person or groups is not None or values.keys() - set(OWN):
        access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if "name" in values:
        values["name"] = _named(str(values["name"]))
    if "email" in values:
        values["email"] = free_address(str(values["email"]), but=person)
    made = changes.between(person, values)
    for each in made:
        setattr(person, each.field, values[each.field])
    if groups is not None:
        made += _regroup(person, list(groups))
    if made:
        db.session.flush()
        events.record(PersonChanged(user_id=person.id, name=person.name, changes=made), about=person, by=by)


def set_password(person: User, password: str, *, by: User | None) -> None:
    """A new password; every session of theirs ends, wherever it is."""
    if by is not None and by is not person:
        raise NotAllowed("Nobody sets another's password; send them a link instead.")
    person.password_hash = passwords.hashed(password)
    person.session_epoch += 1
    events.record(PasswordSet(user_id=person.id, name=person.name), about=person, by=person)


def deactivate(person: User, *, by: User) -> None:
    """Sign someone out for good; what they did stays. Refused while they own open deals, and for the last admin."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if not person.is_active:
        return
    if person is by:
        raise RuleBroken("You cannot deactivate yourself; another administrator can.")
    _refuse_last_administrator(person)
    if count := open_deals(person):
        raise RuleBroken(f"{person.name} owns {count} open opportunities; hand them over first.")
    person.is_active = False
    person.session_epoch += 1
    events.record(PersonDeactivated(user_id=person.id, name=person.name), about=person, by=by)


def reactivate(person: User, *, by: User) -> None:
    """Let someone sign in again, as they were."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if person.is_active:
        return
    person.is_active = True
    events.record(PersonReactivated(user_id=person.id, name=person.name), about=person, by=by)


def open_deals(person: User) -> int:
    """How many open opportunities they own."""
    mine = (Opportunity.owner_id == person.id, Opportunity.status == Status.OPEN, Opportunity.deleted_at.is_(None))
    return db.session.scalar(select(func.count(Opportunity.id)).where(*mine)) or 0


def free_address(email: str, *, but: User | None = None) -> str:
    """The address in its normal form. Refuses what is none, and one that somebody signs in with."""
    address = contacts.normalised_email(email)
    if address is None:
        raise RuleBroken("A mail address is needed to sign in with.")
    taken = db.session.scalar(select(User).where(User.email == address))
    if taken is not None and taken is not but:
        raise RuleBroken(f"{address} belongs to {taken.name} already.")
    return address


def refuse_leaving(person: User, group: Group) -> None:
    """Refuse to take the last administrator's place, and a sales rep's while they own open deals."""
    if group.kind is GroupKind.ADMINISTRATORS:
        _refuse_last_administrator(person)
    if group.kind is GroupKind.SALES_REPS and (count := open_deals(person)):
        raise RuleBroken(f"{person.name} owns {count} open deals, and only sales reps do; hand them over first.")


def _regroup(person: User, groups: list[Group]) -> list[Change]:
    before = [membership.group for membership in person.memberships]
    if {group.id for group in before} == {group.id for group in groups}:
        return []
    for group in before:
        if group not in groups:
            refuse_leaving(person, group)
    person.memberships = [membership for membership in person.memberships if membership.group in groups] + [
        Membership(group=group) for group in groups if group not in before
    ]
    return [Change(field="groups", before=_names(before), after=_names(groups))]


def _refuse_last_administrator(person: User) -> None:
    if not person.is_admin:
        return
    others = select(User.id).join(Membership).join(Group)
    others = others.where(Group.kind == GroupKind.ADMINISTRATORS, User.is_active, User.id != person.id)
    if db.session.scalar(others) is None:
        raise RuleBroken(f"{person.name} is the last administrator; make someone else one first.")


def _names(groups: Iterable[Group]) -> str:
    return ", ".join(sorted(group.name for group in groups))


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"A name has between 1 and {LONGEST} letters.")
    return name
