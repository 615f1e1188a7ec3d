"""What the filters of board and list offer to choose from, and how the chosen ones read.

A filter may name what is gone: a stage that was retired, a tag, a source or an owner nobody has any more. That part is
left out, and `remarks` says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, Select, String, case, cast, exists, literal, or_, select, union_all

from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.opportunity import LeadSource, Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.saved_view import Place
from pipeline.models.user import Group, GroupKind, Membership, User
from pipeline.queries import anyone, filter_gone, filter_words, view_bar
from pipeline.queries.built import Built
from pipeline.queries.filters import UNFILTERED, Filter, Shown
from pipeline.queries.ranges import Period
from pipeline.queries.view_bar import ViewBar

KINDS = ("pipeline", "stage", "owner", "tag", "source")
OLD = "old "
COMING = (Period.OVERDUE, Period.TODAY, Period.WEEK, Period.MONTH, Period.QUARTER, Period.NEXT_7, Period.NEXT_30)
_EVERYTHING: Built[Select[Any]] = Built()
PAST = (Period.TODAY, Period.WEEK, Period.MONTH, Period.QUARTER, Period.LAST_7, Period.LAST_30)


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


@dataclass(frozen=True)
class FilterBar:
    """`filter` is the one that could be honoured. What is `old` has a name, but is offered no more."""

    filter: Filter
    offered: Mapping[str, list[Choice]]
    old: Mapping[str, list[Choice]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    views: ViewBar = field(default_factory=lambda: ViewBar(()))

    @property
    def pipelines(self) -> list[Choice]:
        return self.offered["pipeline"]

    @property
    def stages(self) -> list[Choice]:
        return self.offered["stage"]

    @property
    def owners(self) -> list[Choice]:
        return self.offered["owner"]

    @property
    def tags(self) -> list[Choice]:
        return self.offered["tag"]

    @property
    def sources(self) -> list[Choice]:
        return self.offered["source"]

    @property
    def statuses(self) -> dict[Shown, str]:
        return filter_words.STATUSES

    @property
    def days(self) -> dict[str, tuple[str, dict[Period, str]]]:
        """Each date to filter by: what it is called, and the periods that make sense for it."""
        return {
            name: (spoken, {one: filter_words.PERIODS[one] for one in self._periods(name)})
            for name, spoken in filter_words.DAYS.items()
        }

    @cached_property
    def names(self) -> filter_words.Names:
        return {kind: {one.id: one.name for one in (*self.offered[kind], *self.old.get(kind, ()))} for kind in KINDS}

    @property
    def sentence(self) -> str:
        return filter_words.sentence(self.filter.any_of, self.names)

    @property
    def chips(self) -> list[Chip]:
        """The active parts of the filter; the open status is one of them, so that closed ones do not seem to vanish."""
        named = [
            Chip(label, self.filter.without(name).query())
            for name, label in filter_words.parts(self.filter, self.names).items()
            if getattr(self.filter, name) != getattr(UNFILTERED, name)
        ]
        return [*named, *self._conditions()]

    def stages_of(self, pipeline: int) -> list[Choice]:
        return [stage for stage in self.stages if stage.parent == pipeline]

    def _conditions(self) -> Iterator[Chip]:
        """One for each condition that all must hold, or for each of several groups of which any may."""
        groups = self.filter.any_of
        if len(groups) == 1:
            for one in groups[0]:
                rest = tuple(other for other in groups[0] if other is not one)
                label = filter_words.sentence(((one,),), self.names)
                yield Chip(label, replace(self.filter, any_of=(rest,) if rest else ()).query())
            return
        for place, group in enumerate(groups):
            said = filter_words.together(group, self.names)
            left = tuple(other for other in groups if other is not group)
            yield Chip(f"or {said}" if place else f"Either {said}", replace(self.filter, any_of=left).query())

    @staticmethod
    def _periods(name: str) -> tuple[Period, ...]:
        return (*COMING, Period.NEVER) if name in {"close", "next"} else PAST


def of(filter: Filter, *, person: User | None = None, place: Place | None = None) -> FilterBar:
    """All there is to choose from, and what of the filter can be honoured; in one query.

    With it come the views that the person may open in that place.
    """
    offered: dict[str, list[Choice]] = {kind: [] for kind in KINDS}
    old: dict[str, list[Choice]] = {kind: [] for kind in KINDS}
    reader = person and anyone.like(person)
    everything = _EVERYTHING.of((reader, place), lambda: _everything(reader, place))
    rows = db.session.execute(everything, anyone.who(person) if person else {}).all()
    for row in rows:
        kind = row.kind.removeprefix(OLD)
        if kind in KINDS:
            (offered if kind == row.kind else old)[kind].append(Choice(row.id, row.name, row.parent))
    there = {kind: {one.id for one in offered[kind]} for kind in KINDS}
    there["pipeline"] |= {one.id for one in old["pipeline"]}  # deals stay in a pipeline that was archived
    honoured, gone = filter_gone.without(filter, there)
    bar = FilterBar(honoured, offered, old, views=view_bar.of(rows, person) if person else ViewBar(()))
    return replace(bar, remarks=(*filter_gone.remarks(gone, bar.names), *_nonsense(filter)))


def honoured(filter: Filter) -> Filter:
    """The filter without what is gone; asks the database only when it names anything that could be."""
    return of(filter).filter if filter_gone.names_things(filter) else filter


def _everything(person: User | None, place: Place | None) -> Select[Any]:
    views = view_bar.arms(person, place) if person and place else []
    everything = union_all(_pipelines(), _stages(), _owners(), _tags(), _sources(), *views).subquery()
    return select(everything).order_by(everything.c.position, everything.c.name, everything.c.id)


def _nonsense(filter: Filter) -> Iterator[str]:
    for name in filter.left_out:
        what = filter_words.PARTS.get(name.removesuffix("_from").removesuffix("_to"), name)
        yield f"Part of what was asked of the {what} makes no sense, and was left out."


def _pipelines() -> Select[Any]:
    return _offered(_or_old("pipeline", Pipeline.archived_at), Pipeline, Pipeline.position)


def _stages() -> Select[Any]:
    kind = _or_old("stage", Stage.retired_at)
    return select(kind.label("kind"), Stage.id, Stage.name, Stage.position, Stage.pipeline_id, cast(None, String))


def _owners() -> Select[Any]:
    """Those who may own, and those who still do though they may no longer."""
    reps = select(Membership.user_id).join(Group).where(Group.kind == GroupKind.SALES_REPS)
    owns = exists().where(Opportunity.owner_id == User.id, Opportunity.deleted_at.is_(None))
    return _offered(literal("owner"), User, literal(0)).where(or_(User.id.in_(reps), owns))


def _tags() -> Select[Any]:
    return _offered(literal("tag"), Tag, literal(0))


def _sources() -> Select[Any]:
    return _offered(literal("source"), LeadSource, literal(0))


def _or_old(kind: str, ended_at: Any) -> Any:
    return case((ended_at.is_(None), literal(kind)), else_=literal(OLD + kind))


def _offered(kind: Any, model: Any, position: Any) -> Select[Any]:
    return select(
        kind.label("kind"),
        model.id,
        model.name,
        position.label("position"),
        cast(None, Integer).label("parent"),
        cast(None, String).label("more"),
    )
