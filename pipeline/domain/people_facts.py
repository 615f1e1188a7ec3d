"""What happens to the people who sign in, and to their groups."""

from dataclasses import dataclass, field

from pipeline.domain.facts import Change, Fact


@dataclass(frozen=True)
class CompanyFounded(Fact):
    """The first administrator came, by the one-time link."""

    company: str
    administrator: str


@dataclass(frozen=True)
class PersonInvited(Fact):
    user_id: int
    name: str


@dataclass(frozen=True)
class PersonChanged(Fact):
    user_id: int
    name: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class PersonDeactivated(Fact):
    user_id: int
    name: str


@dataclass(frozen=True)
class PersonReactivated(Fact):
    user_id: int
    name: str


@dataclass(frozen=True)
class PasswordSet(Fact):
    user_id: int
    name: str


@dataclass(frozen=True)
class DealsHandedOver(Fact):
    user_id: int
    name: str
    to: str
    deals: int


@dataclass(frozen=True)
class GroupCreated(Fact):
    group_id: int
    group: str


@dataclass(frozen=True)
class GroupChanged(Fact):
    group_id: int
    group: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class GroupDeleted(Fact):
    group_id: int
    group: str
