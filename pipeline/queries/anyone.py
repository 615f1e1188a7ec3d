"""Whoever looks, for statements that are built once for all who see alike; who it is, they are told when asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import BindParameter, Integer, bindparam

from pipeline.models.user import User

NAME = "whoever_looks"


@dataclass(frozen=True, slots=True)
class _Anyone:
    """All of a person that decides what they see and may change. Those who manage nobody are all alike."""

    is_admin: bool
    may_view_all: bool
    may_edit_all: bool
    managed_group_ids: tuple[int, ...]
    time_zone: str = "UTC"  # nothing that is built for all asks for days
    id: BindParameter[int] = field(default_factory=lambda: bindparam(NAME, type_=Integer), compare=False)


def like(person: User) -> User:
    """A stand-in for this person and all who see as they do, for the clauses of `access` to be made with."""
    rights = person.is_admin, person.may_view_all, person.may_edit_all
    return cast("User", _Anyone(*rights, tuple(person.managed_group_ids)))


def who(person: User) -> Mapping[str, int]:
    """What such a statement is told when this person asks."""
    return {NAME: person.id}
