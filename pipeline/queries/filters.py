"""Which opportunities: one filter, read from a URL and written back to it, the same for board, list and export.

Nonsense in a URL is read as if it were not there. `where` adds what the person may see, so that a total counted with a
filter is the list that the filter shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, select

from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.models.opportunity import Opportunity, Status, opportunity_tags
from pipeline.models.user import User
from pipeline.queries import reading
from pipeline.queries.board_order import BoardOrder
from pipeline.queries.matching import opportunities_saying
from pipeline.queries.ranges import ANY_VALUE, EVER, Dates, Values


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


class Whose(StrEnum):
    ANYONE = "all"
    MINE = "mine"
    NOBODY = "none"


@dataclass(frozen=True)
class Filter:
    """What is asked for. An owner is anyone, me, nobody, or the one with that id."""

    pipeline: int | None = None
    status: Shown = Shown.OPEN
    owner: Whose | int = Whose.ANYONE
    stage: int | None = None
    tag: int | None = None
    source: int | None = None
    text: str = ""
    value: Values = ANY_VALUE
    close: Dates = EVER
    created: Dates = EVER
    closed: Dates = EVER
    order: BoardOrder = BoardOrder.MANUAL
    """How a board's columns are sorted; it narrows nothing."""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filter":
        """The filter that a URL asks for."""
        return cls(
            pipeline=reading.number(asked, "pipeline"),
            status=reading.choice(asked, "status", Shown, Shown.OPEN),
            owner=reading.number(asked, "owner") or reading.choice(asked, "owner", Whose, Whose.ANYONE),
            stage=reading.number(asked, "stage"),
            tag=reading.number(asked, "tag"),
            source=reading.number(asked, "source"),
            text=reading.text(asked, "q"),
            value=Values(reading.amount(asked, "value_from"), reading.amount(asked, "value_to")),
            close=_dates(asked, "close"),
            created=_dates(asked, "created"),
            closed=_dates(asked, "closed"),
            order=reading.choice(asked, "order", BoardOrder, BoardOrder.MANUAL),
        )

    def query(self) -> dict[str, str]:
        """What stands in a URL for it: `url_for("opportunities.index", **filter.query())`. Defaults are left out."""
        asked = {
            field.name: str(getattr(self, field.name))
            for field in fields(self)
            if field.name not in {"text", *RANGES} and getattr(self, field.name) != field.default
        }
        if self.text:
            asked["q"] = self.text
        for name in RANGES:
            asked |= getattr(self, name).query(name)
        return asked

    def without(self, name: str) -> "Filter":
        """The same filter without one of its parts."""
        return replace(self, **{name: getattr(UNFILTERED, name)})

    @property
    def narrowed_by(self) -> frozenset[str]:
        """The names of the parts that narrow it."""
        return frozenset(
            part.name
            for part in fields(self)
            if part.name != "order" and getattr(self, part.name) != getattr(UNFILTERED, part.name)
        )

    @property
    def is_plain(self) -> bool:
        """Whether it asks for no more than a pipeline and a status."""
        return self.narrowed_by <= PLAIN

    @property
    def asks_only_whose(self) -> bool:
        """Whether it asks for no more than a pipeline, a status and an owner."""
        return self.narrowed_by <= {*PLAIN, "owner"}

    @property
    def closed_not_shown(self) -> "Filter":
        """The rest that a list of open ones leaves out: the same filter over what is closed."""
        return replace(self, status=Shown.CLOSED)


NO_SEARCH = "You may not search. An admin can give you that right."
UNFILTERED = Filter(status=Shown.ALL)
PLAIN = frozenset({"pipeline", "status"})
RANGES = ("value", "close", "created", "closed")


def where(filter: Filter, *, seen_by: User) -> ColumnElement[bool]:
    """The WHERE clause over `Opportunity` alone (no join needed) of what the filter shows to this person."""
    return and_(access.visible_opportunities(seen_by), asked_for(filter, seen_by=seen_by))


def asked_for(filter: Filter, *, seen_by: User) -> ColumnElement[bool]:
    """The same, but for whether the person may see it."""
    return and_(Opportunity.deleted_at.is_(None), *_asked(filter, seen_by))


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
        asked.append(Opportunity.id.in_(_wearing(filter.tag)))
    if filter.text:
        access.refuse_unless(person, Permission.SEARCH, NO_SEARCH)
        asked.append(opportunities_saying(filter.text))
    return [
        *asked,
        *owned(Opportunity.owner_id, filter.owner, person),
        *filter.value.where(Opportunity.value, Opportunity.currency),
        *filter.close.of_days(Opportunity.expected_close),
        *filter.created.of_instants(Opportunity.created_at, person),
        *filter.closed.of_instants(Opportunity.closed_at, person),
    ]


def owned(column: SQLColumnExpression[int | None], owner: Whose | int, person: User) -> list[ColumnElement[bool]]:
    """Whether a column names the owner that is asked for."""
    match owner:
        case Whose.ANYONE:
            return []
        case Whose.NOBODY:
            return [column.is_(None)]
        case Whose.MINE:
            return [column == person.id]
        case _:
            return [column == owner]


def _wearing(tag_id: int) -> Select[int]:
    return select(opportunity_tags.c.opportunity_id).where(opportunity_tags.c.tag_id == tag_id)


def _dates(asked: Mapping[str, str], name: str) -> Dates:
    return Dates(reading.day(asked, f"{name}_from"), reading.day(asked, f"{name}_to"))
