"""Someone's day, or their team's: tasks and next actions in one order, what woke, what stands still, what rots.

Two questions, whatever is to be done: how much of each group there is, and the first few of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, func, literal, select, union_all

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.queries.today_groups import DAY_BEGAN, NOW, Group, Mark, Scope, arms

PAGE = 25
MOST_COUNTED = 1_000
"""Of each group: whoever has more to do than that is helped by no number."""


@dataclass(frozen=True, slots=True)
class Part:
    """A group with its first entries, how many there are in all, and what the next page comes after."""

    group: Group
    entries: Sequence[Row[Any]]
    count: int
    last: Mark | None = None

    @property
    def is_cut_short(self) -> bool:
        """Whether there may be more than were counted."""
        return self.count >= MOST_COUNTED


URGENT = (Group.MONEY, Group.OVERDUE, Group.TODAY, Group.WOKEN, Group.OFFERS)


@dataclass(frozen=True, slots=True)
class Agenda:
    parts: Mapping[Group, Part]
    done_today: int
    is_of_team: bool

    @property
    def is_empty(self) -> bool:
        return not any(part.count for part in self.parts.values())

    @property
    def urgent(self) -> Sequence[Part]:
        """What wants doing today."""
        return [self.parts[group] for group in URGENT]

    @property
    def calm(self) -> Sequence[Part]:
        return [part for group, part in self.parts.items() if group not in URGENT]

    @property
    def nothing_due(self) -> bool:
        return not any(part.count for part in self.urgent)


def agenda(person: User, *, of_team: bool = False) -> Agenda:
    """All groups from their beginnings, by the calendar of whoever looks."""
    scope = Scope.of(person, of_team=of_team)
    counting, finding = _questions(scope)
    counts = _counts(counting, scope)
    found = _found(finding, scope)
    parts = {group: _part(group, found.get(group, []), counts.get(group, 0)) for group in Group}
    return Agenda(parts, counts.get(DONE, 0), scope.is_of_team)


def more(person: User, group: Group, *, after: Mark | None, of_team: bool = False) -> Part:
    """The next entries of one group."""
    scope = Scope.of(person, of_team=of_team)
    tops = [arm.top(PAGE + 1, after) for arm in arms(scope) if arm.group is group]
    found = _found(_written(tops, scope), scope)
    return _part(group, found.get(group, []), 0)


DONE = "done"


def _part(group: Group, rows: Sequence[Row[Any]], count: int) -> Part:
    entries = sorted(rows, key=Mark.of)
    page = entries[:PAGE]
    return Part(group, page, count, Mark.of(page[-1]) if len(entries) > PAGE else None)


@lru_cache(maxsize=16)
def _questions(scope: Scope) -> tuple[CompoundSelect[str, int], Select[Any]]:
    """How much there is, and the first of it. Wording them takes longer than answering them, so it is done once."""
    asked = arms(scope)
    done = select(Activity.id).where(scope.doing(Activity.assignee_id), Activity.done_at >= DAY_BEGAN)
    counted = [(arm.group.value, arm.ids) for arm in asked] + [(DONE, done)]
    counting = union_all(*(_count(name, ids) for name, ids in counted))
    return counting, _written([arm.top(PAGE + 1) for arm in asked], scope)


def _count(name: str, ids: Select[int]) -> Select[str, int]:
    return select(literal(name), func.count()).select_from(ids.limit(MOST_COUNTED).subquery())


def _counts(counting: CompoundSelect[str, int], scope: Scope) -> Mapping[str, int]:
    """How many there are of each group, as far as anybody counts; and how many tasks were done today."""
    sums: dict[str, int] = {}
    for name, count in db.session.execute(counting, scope.told()):
        sums[name] = min(sums.get(name, 0) + count, MOST_COUNTED)
    return sums


def _found(finding: Select[Any], scope: Scope) -> Mapping[Group, list[Row[Any]]]:
    found: dict[Group, list[Row[Any]]] = {}
    for row in db.session.execute(finding, scope.told()):
        found.setdefault(Group(row.group), []).append(row)
    return found


def _written(tops: Sequence[Select[Any]], scope: Scope) -> Select[Any]:
    """What stands on the lines, with whether the person sees the deal that a task is about."""
    top = union_all(*(each.subquery().select() for each in tops)).subquery("top")
    return (
        select(
            top.c.group,
            top.c.task_id,
            top.c.on,
            top.c.since,
            top.c.at,
            (top.c.since <= NOW).label("is_past"),
            Activity.title.label("task"),
            Activity.kind,
            Activity.priority,
            Opportunity.id.label("deal_id"),
            Opportunity.title.label("deal"),
            Opportunity.next_action,
            Opportunity.next_action_on,
            Opportunity.planned_until,
            Opportunity.last_contact_at,
            Opportunity.version,
            Contact.name.label("contact"),
            Stage.name.label("stage"),
            Pipeline.rotting_days.label("allowed_days"),
            User.name.label("owner"),
            access.visible_opportunities(scope.reader).label("sees"),
        )
        .select_from(top)
        .outerjoin(Activity, Activity.id == top.c.task_id)
        .outerjoin(Opportunity, Opportunity.id == top.c.deal_id)
        .outerjoin(Contact, Contact.id == Opportunity.contact_id)
        .outerjoin(Stage, Stage.id == Opportunity.stage_id)
        .outerjoin(Pipeline, Pipeline.id == Stage.pipeline_id)
        .outerjoin(User, User.id == func.coalesce(Activity.assignee_id, Opportunity.owner_id))
    )
