"""The cast: Ada administers, Olive owns, Tom is on the team she manages, Stan is a stranger, Guy is no rep."""

from dataclasses import dataclass

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.user import Group, GroupKind, Membership, User
from pipeline.transaction import transaction


@dataclass(frozen=True)
class Cast:
    ada: User
    olive: User
    tom: User
    stan: User
    guy: User

    def __getitem__(self, name: str) -> User:
        person: User = getattr(self, name)
        return person


def hire() -> Cast:
    """Write the cast into an empty database."""
    with transaction():
        admins = Group(name="Administrators", kind=GroupKind.ADMINISTRATORS)
        reps = Group(name="Sales reps", kind=GroupKind.SALES_REPS)
        team = Group(name="Olive's team", kind=GroupKind.TEAM)
        db.session.add_all((admins, reps, team))
        cast = Cast(
            ada=_person("Ada Admin", admins),
            olive=_person("Olive Owner", reps),
            tom=_person("Tom Team", reps, team),
            stan=_person("Stan Stranger", reps),
            guy=_person("Guy Guest"),
        )
        cast.olive.memberships.append(Membership(group=team, is_manager=True))
    return cast


def _person(name: str, *groups: Group) -> User:
    person = User(
        name=name,
        email=f"{name.split(maxsplit=1)[0].lower()}@example.com",
        created_at=clock.now(),
        memberships=[Membership(group=group) for group in groups],
    )
    db.session.add(person)
    return person
