"""What a few typed letters find, in groups, as far as a person may see it, the nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.extensions import db
from pipeline.models.user import User
from pipeline.queries import contact_list, nearest, opportunity_list
from pipeline.queries.nearest import Group, Rows

FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A page of each group; `more` names the groups that go on after it."""

    text: str
    opportunities: Sequence[opportunity_list.Line] = ()
    people: Sequence[contact_list.Line] = ()
    companies: Sequence[contact_list.Line] = ()
    more: frozenset[Group] = field(default=frozenset())

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < FEWEST_LETTERS

    @property
    def count(self) -> int:
        return len(self.opportunities) + len(self.people) + len(self.companies)

    @property
    def is_nothing(self) -> bool:
        return not self.count


def found(text: str, *, seen_by: User, most: int, page: int = 1, only: Group | None = None) -> Found:
    """Up to `most` of each group, or of the only one that is asked for. A single letter finds nothing."""
    if len(text) < FEWEST_LETTERS:
        return Found(text)
    asked = {only: _page(only, text, seen_by, most, page)} if only else _first(text, seen_by, most)
    ids = {group: db.session.scalars(rows).all() for group, rows in asked.items()}
    shown = {group: ids.get(group, ())[:most] for group in Group}
    contacts = [*shown[Group.PEOPLE], *shown[Group.COMPANIES]]
    lines = contact_list.lines_of(contacts, seen_by=seen_by)
    return Found(
        text,
        opportunity_list.lines_of(shown[Group.OPPORTUNITIES], seen_by=seen_by),
        [line for line in lines if not line.is_company],
        [line for line in lines if line.is_company],
        frozenset(group for group, some in ids.items() if len(some) > most),
    )


def _first(text: str, person: User, most: int) -> dict[Group, Rows]:
    """One more of each than is shown, to know whether it goes on."""
    return {group: nearest.first(group, text, seen_by=person, limit=most + 1) for group in Group}


def _page(group: Group, text: str, person: User, most: int, page: int) -> Rows:
    return nearest.page(group, text, seen_by=person, limit=most + 1, offset=most * (page - 1))
