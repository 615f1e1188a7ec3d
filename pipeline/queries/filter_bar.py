"""What the filters of board and list offer to choose from, and how the chosen ones read."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, cast, exists, literal, or_, select, union_all

from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.opportunity import LeadSource, Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import Group, GroupKind, Membership, User
from pipeline.queries.filters import UNFILTERED, Filter, Shown, Whose
from pipeline.queries.ranges import Dates, Values

STATUSES = {
    Shown.OPEN: "Open",
    Shown.WON: "Won",
    Shown.LOST: "Lost",
    Shown.ABANDONED: "Abandoned",
    Shown.CLOSED: "All closed",
    Shown.ALL: "All statuses",
}
OWNERS = {Whose.ANYONE: "Anyone", Whose.MINE: "Me", Whose.NOBODY: "No owner"}
SPOKEN = {"close": "Expected close", "created": "Created", "closed": "Closed"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by. A stage's `parent` is its pipeline."""

    id: int
    name: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the filter in words; `without` is the URL's query once it is taken away."""

    label: str
    without: dict[str, str]


@dataclass(frozen=True, slots=True)
class FilterBar:
    filter: Filter
    pipelines: list[Choice]
    stages: list[Choice]
    owners: list[Choice]
    tags: list[Choice]
    sources: list[Choice]

    @property
    def chips(self) -> list[Chip]:
        """The active parts of the filter; the open status is one of them, so that closed ones do not seem to vanish."""
        return [
            Chip(label, self.filter.without(name).query())
            for name, label in self._labels().items()
            if getattr(self.filter, name) != getattr(UNFILTERED, name)
        ]

    @property
    def statuses(self) -> dict[Shown, str]:
        return STATUSES

    def stages_of(self, pipeline: int) -> list[Choice]:
        return [stage for stage in self.stages if stage.parent == pipeline]

    def _labels(self) -> dict[str, str]:
        filter = self.filter
        return {
            "pipeline": f"Pipeline: {_name(self.pipelines, filter.pipeline)}",
            "stage": f"Stage: {_name(self.stages, filter.stage)}",
            "status": STATUSES[filter.status],
            "owner": f"Owner: {self._owner()}",
            "tag": f"Tag: {_name(self.tags, filter.tag)}",
            "source": f"Source: {_name(self.sources, filter.source)}",
            "text": f"“{filter.text}”",
            "value": f"Value {_span(filter.value)}",
        } | {name: f"{spoken} {_span(getattr(filter, name))}" for name, spoken in SPOKEN.items()}

    def _owner(self) -> str:
        owner = self.filter.owner
        return OWNERS[owner] if isinstance(owner, Whose) else _name(self.owners, owner)


def of(filter: Filter) -> FilterBar:
    """All there is to choose from, in one query."""
    found: dict[str, list[Choice]] = defaultdict(list)
    offered = union_all(_pipelines(), _stages(), _owners(), _tags(), _sources()).subquery()
    for row in db.session.execute(select(offered).order_by(offered.c.position, offered.c.name)):
        found[row.kind].append(Choice(row.id, row.name, row.parent))
    return FilterBar(filter, found["pipeline"], found["stage"], found["owner"], found["tag"], found["source"])


def _pipelines() -> Select[Any]:
    return _offered("pipeline", Pipeline, Pipeline.position).where(Pipeline.archived_at.is_(None))


def _stages() -> Select[str, int, str, int, int]:
    stages = select(literal("stage"), Stage.id, Stage.name, Stage.position, Stage.pipeline_id)
    return stages.where(Stage.retired_at.is_(None))


def _owners() -> Select[Any]:
    """Those who may own, and those who still do though they may no longer."""
    reps = select(Membership.user_id).join(Group).where(Group.kind == GroupKind.SALES_REPS)
    owns = exists().where(Opportunity.owner_id == User.id, Opportunity.deleted_at.is_(None))
    return _offered("owner", User, literal(0)).where(or_(User.id.in_(reps), owns))


def _tags() -> Select[Any]:
    return _offered("tag", Tag, literal(0))


def _sources() -> Select[Any]:
    return _offered("source", LeadSource, literal(0))


def _offered(kind: str, model: Any, position: Any) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        model.id,
        model.name,
        position.label("position"),
        cast(None, Integer).label("parent"),
    )


def _name(choices: list[Choice], wanted: int | Whose | None) -> str:
    return next((choice.name for choice in choices if choice.id == wanted), "one that is gone")


def _span(span: Values | Dates) -> str:
    if span.start is None:
        return f"up to {span.end}"
    return f"from {span.start}" if span.end is None else f"{span.start} to {span.end}"
