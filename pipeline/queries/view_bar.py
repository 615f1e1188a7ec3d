"""The saved views that somebody may open from the list or the board, and which of them is open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Integer, Select, String, and_, case, cast, literal, select

from pipeline.domain import saved_views
from pipeline.extensions import db
from pipeline.models.saved_view import Habit, Place, SavedView
from pipeline.models.user import User
from pipeline.queries import conditions
from pipeline.queries.conditions import Field
from pipeline.queries.filters import Filter

VIEW = "view"
HABIT = "habit"


@dataclass(frozen=True, slots=True)
class Tab:
    """A view to open: `asked` is what stands in the URL when it is open as it was saved."""

    id: int
    name: str
    asked: Mapping[str, str]
    is_shared: bool
    is_opening: bool
    may_change: bool
    is_mine: bool

    @property
    def query(self) -> dict[str, str]:
        return {"view": str(self.id), **{name: word for name, word in self.asked.items() if name != "pipeline"}}

    @property
    def pipeline(self) -> int | None:
        found = self.asked.get("pipeline", "")
        return int(found) if found.isdecimal() else None


@dataclass(frozen=True, slots=True)
class ViewBar:
    """`columns` are those the person keeps for their list."""

    tabs: Sequence[Tab]
    columns: str = ""

    @property
    def opening(self) -> Tab | None:
        """The one that the list or board opens with."""
        return next((tab for tab in self.tabs if tab.is_opening), None)

    def whose(self, tab: Tab) -> str:
        """What tells it from another of its name, such as one that a colleague shared later."""
        alike = [other for other in self.tabs if other.name.casefold() == tab.name.casefold()]
        if len(alike) == 1:
            return ""
        return "yours" if tab.is_mine else "shared"

    def current(self, asked: Mapping[str, str]) -> Tab | None:
        """The view that a URL says is open."""
        return next((tab for tab in self.tabs if str(tab.id) == asked.get("view")), None)


def arms(person: User, place: Place) -> list[Select[Any]]:
    """What the filter bar's query finds out besides: the views, and how the person's list or board begins."""
    habit = and_(Habit.user_id == person.id, Habit.place == place)
    opening = case((Habit.view_id == SavedView.id, 2), else_=0)
    mine = case((SavedView.owner_id == person.id, 4), else_=0)
    shared = case((SavedView.is_shared, 1), else_=0)
    views = (
        select(
            literal(VIEW).label("kind"),
            SavedView.id,
            SavedView.name,
            literal(0).label("position"),
            (shared + opening + mine).label("parent"),
            SavedView.asked.label("more"),
        )
        .outerjoin(Habit, habit)
        .where(SavedView.place == place, saved_views.visible(person))
    )
    habits = select(
        literal(HABIT), literal(0), literal(""), literal(0), cast(None, Integer), cast(Habit.columns, String)
    ).where(habit)
    return [views, habits]


def of(rows: Sequence[Any], person: User) -> ViewBar:
    """From what that query found."""
    columns = next((row.more for row in rows if row.kind == HABIT), "")
    return ViewBar([_tab(row, person) for row in rows if row.kind == VIEW], columns)


def _tab(row: Any, person: User) -> Tab:
    shared, opening, mine = (bool(row.parent & bit) for bit in (1, 2, 4))
    return Tab(row.id, row.name, dict(parse_qsl(row.more)), shared, opening, mine or (shared and person.is_admin), mine)


def written(asked: Mapping[str, str]) -> str:
    """What is kept of a view: always in one order, so that the same is the same."""
    return urlencode(sorted(asked.items()))


def naming_stage(stage_id: int) -> int:
    """How many views, whosever, ask for this stage."""
    kept = db.session.scalars(select(SavedView.asked).where(SavedView.deleted_at.is_(None)))
    return sum(stage_id in _stages(Filter.read(dict(parse_qsl(asked)))) for asked in kept)


def _stages(filter: Filter) -> Iterator[object]:
    yield filter.stage
    for one in conditions.each(filter.any_of):
        if one.field is Field.STAGE:
            yield from one.values
