"""Which opportunities: one filter, read from a URL and written back to it, the same for board, list and export.

Nonsense in a URL is read as if it were not there, and remembered as left out. `where` adds what the person may see, so
that a total counted with a filter is the list that the filter shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import cast

from sqlalchemy import ColumnElement, SQLColumnExpression, and_

from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User
from pipeline.queries import condition_clauses, conditions, reading
from pipeline.queries.board_order import BoardOrder
from pipeline.queries.conditions import Condition, Field, Group, Operator, Step, Whose
from pipeline.queries.matching import opportunities_saying
from pipeline.queries.ranges import ANY_VALUE, EVER, Dates, Values, in_order


class Shown(StrEnum):
    """The statuses a list shows: one of them, all that are closed, or all."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    ABANDONED = "abandoned"
    CLOSED = "closed"
    ALL = "all"

    @property
    def statuses(self) -> tuple[Status, ...]:
        if self is Shown.ALL:
            return tuple(Status)
        if self is Shown.CLOSED:
            return (Status.WON, Status.LOST, Status.ABANDONED)
        return (Status(self.value),)


Owner = Whose | int | tuple[Whose | int, ...]


@dataclass(frozen=True)
class Filter:
    """What is asked for. An owner is anyone, me, my team, nobody, the one with that id, or any of several.

    All of its parts narrow it together, and with them `any_of`: groups of conditions, of which one must hold whole.
    `left_out` are the words of the URL that made no sense; they are no part of the filter.
    """

    pipeline: int | None = None
    status: Shown = Shown.OPEN
    owner: Owner = Whose.ANYONE
    stage: int | None = None
    tag: int | None = None
    source: int | None = None
    text: str = ""
    value: Values = ANY_VALUE
    close: Dates = EVER
    next: Dates = EVER
    created: Dates = EVER
    entered: Dates = EVER
    closed: Dates = EVER
    step: Step | None = None
    any_of: tuple[Group, ...] = ()
    left_out: tuple[str, ...] = field(default=(), compare=False, repr=False)
    order: BoardOrder = BoardOrder.MANUAL
    """How a board's columns are sorted; it narrows nothing."""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filter":
        """The filter that a URL asks for."""
        if not asked:
            return NOTHING_ASKED
        found = cls(
            pipeline=reading.number(asked, "pipeline"),
            status=reading.choice(asked, "status", Shown, Shown.OPEN),
            owner=_owner(_all_of(asked, "owner")),
            stage=reading.number(asked, "stage"),
            tag=reading.number(asked, "tag"),
            source=reading.number(asked, "source"),
            text=reading.text(asked, "q"),
            value=Values(*in_order(reading.amount(asked, "value_from"), reading.amount(asked, "value_to"))),
            step=Step(asked["step"]) if asked.get("step") in set(Step) else None,
            any_of=conditions.read(asked.get("where", "")),
            close=_dates(asked, "close"),
            next=_dates(asked, "next"),
            created=_dates(asked, "created"),
            entered=_dates(asked, "entered"),
            closed=_dates(asked, "closed"),
            order=reading.choice(asked, "order", BoardOrder, BoardOrder.MANUAL),
        )
        return replace(found, left_out=_left_out(asked, found))

    def query(self) -> dict[str, str]:
        """What stands in a URL for it: `url_for("opportunities.index", **filter.query())`. Defaults are left out."""
        asked = {
            name: str(getattr(self, name)) for name in SIMPLE if getattr(self, name) != getattr(NOTHING_ASKED, name)
        }
        if self.owner is not Whose.ANYONE:
            asked["owner"] = ",".join(str(one) for one in self.owners)
        if self.text:
            asked["q"] = self.text
        for name in RANGES:
            asked |= getattr(self, name).query(name)
        if self.any_of:
            asked["where"] = conditions.written(self.any_of)
        return asked

    @property
    def owners(self) -> tuple[Whose | int, ...]:
        """Each of those asked for; none when it may be anyone."""
        if isinstance(self.owner, tuple):
            return self.owner
        return () if self.owner is Whose.ANYONE else (self.owner,)

    def without(self, name: str) -> "Filter":
        """The same filter without one of its parts."""
        return replace(self, **{name: getattr(UNFILTERED, name)})

    @property
    def narrowed_by(self) -> frozenset[str]:
        """The names of the parts that narrow it."""
        return frozenset(name for name in PARTS if getattr(self, name) != getattr(UNFILTERED, name))

    @property
    def is_plain(self) -> bool:
        """Whether it asks for no more than a pipeline and a status."""
        return self.narrowed_by <= PLAIN

    @property
    def closed_not_shown(self) -> "Filter":
        """The rest that a list of open ones leaves out: the same filter over what is closed."""
        return replace(self, status=Shown.CLOSED)


NO_SEARCH = "You may not search. An admin can give you that right."
NOTHING_ASKED = Filter()
UNFILTERED = Filter(status=Shown.ALL)
PLAIN = frozenset({"pipeline", "status"})
PARTS = tuple(part.name for part in fields(Filter) if part.compare and part.name != "order")
SIMPLE = ("pipeline", "status", "stage", "tag", "source", "step", "order")
DAYS = tuple(str(name) for name in conditions.DATES)
RANGES = ("value", *DAYS)
WRITTEN = (*SIMPLE, "owner", "q", "where", *DAYS, *(f"{name}_{end}" for name in RANGES for end in ("from", "to")))
"""Every name by which a part of a filter stands in a URL."""


def where(filter: Filter, *, seen_by: User) -> ColumnElement[bool]:
    """The WHERE clause over `Opportunity` alone (no join needed) of what the filter shows to this person."""
    return and_(access.visible_opportunities(seen_by), asked_for(filter, seen_by=seen_by))


def asked_for(filter: Filter, *, seen_by: User) -> ColumnElement[bool]:
    """The same, but for whether the person may see it."""
    return and_(Opportunity.deleted_at.is_(None), *_asked(filter, seen_by))


def may_search(person: User) -> None:
    """Refuse whoever may not ask for a text."""
    access.refuse_unless(person, Permission.SEARCH, NO_SEARCH)


def _asked(filter: Filter, person: User) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    for column, wanted in (
        (Opportunity.pipeline_id, filter.pipeline),
        (Opportunity.stage_id, filter.stage),
        (Opportunity.source_id, filter.source),
    ):
        if wanted is not None:
            asked.append(column == wanted)
    if filter.status is not Shown.ALL:
        asked.append(Opportunity.status.in_(filter.status.statuses))
    if filter.tag is not None:
        asked.append(condition_clauses.wearing([filter.tag]))
    if filter.text or any(one.field is Field.TEXT for one in conditions.each(filter.any_of)):
        may_search(person)
    if filter.text:
        asked.append(opportunities_saying(filter.text))
    if filter.step is not None:
        asked.append(condition_clauses.clause(Condition(Field.STEP, Operator.ANY, (filter.step,)), person))
    if filter.any_of:
        asked.append(condition_clauses.any_of(filter.any_of, person))
    return [
        *asked,
        *owned(Opportunity.owner_id, filter.owner, person),
        *filter.value.where(Opportunity.value, Opportunity.currency),
        *filter.close.of_days(Opportunity.expected_close, person),
        *filter.next.of_days(Opportunity.next_action_on, person),
        *filter.created.of_instants(Opportunity.created_at, person),
        *filter.entered.of_instants(Opportunity.entered_stage_at, person),
        *filter.closed.of_instants(Opportunity.closed_at, person),
    ]


def owned(column: SQLColumnExpression[int | None], owner: Owner, person: User) -> list[ColumnElement[bool]]:
    """Whether a column names the owner that is asked for."""
    match owner:
        case Whose.ANYONE:
            return []
        case Whose.NOBODY:
            return [column.is_(None)]
        case Whose.MINE:
            return [column == person.id]
        case int():
            return [column == owner]
        case _:
            return [condition_clauses.owned_by(owner if isinstance(owner, tuple) else (owner,), person, column)]


def _owner(words: Sequence[str]) -> Owner:
    """Who is asked for: each once, in one order, so that the same people are the same filter."""
    found = conditions.condition(Field.OWNER, Operator.ANY, words)
    owners = cast("tuple[Whose | int, ...]", found.values) if found else ()
    if not owners or Whose.ANYONE in words:
        return Whose.ANYONE
    return owners[0] if len(owners) == 1 else tuple(sorted(owners, key=str))


def _dates(asked: Mapping[str, str], name: str) -> Dates:
    if period := reading.period(asked, name):
        return Dates(period=period)
    return Dates(*in_order(reading.day(asked, f"{name}_from"), reading.day(asked, f"{name}_to")))


def _all_of(asked: Mapping[str, str], name: str) -> list[str]:
    """The words of a name that may stand in a URL several times, or once with commas."""
    several = getattr(asked, "getlist", None)
    words = several(name) if several else [asked.get(name, "")]
    return [word for line in words for word in line.split(",") if word]


def _left_out(asked: Mapping[str, str], found: Filter) -> tuple[str, ...]:
    """What was asked and is no part of what was found, by its name in the URL."""
    kept = found.query()
    left_out = [name for name in WRITTEN if asked.get(name, "").strip() and name not in kept]
    if found.any_of and conditions.count(asked["where"]) > len(list(conditions.each(found.any_of))):
        left_out.append("where")
    return tuple(name for name in left_out if not _is_answered(name, asked[name], found))


def _is_answered(name: str, word: str, found: Filter) -> bool:
    """Whether the word says what is so anyway, or a period stands in its place."""
    day = name.removesuffix("_from").removesuffix("_to")
    return (name, word) in {("status", Shown.OPEN), ("owner", Whose.ANYONE), ("order", BoardOrder.MANUAL)} or (
        day in DAYS and day != name and getattr(found, day).period is not None
    )
