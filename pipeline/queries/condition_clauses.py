"""What a condition means to the database: a clause over `Opportunity` alone, seen by the person who asks."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pipeline import clock
from pipeline.domain import rotting
from pipeline.models.opportunity import Opportunity, Status, opportunity_tags
from pipeline.models.pipeline import Stage, StageKind
from pipeline.models.user import GroupKind, Membership, User
from pipeline.queries.conditions import Condition, Field, Group, Operator, Step, Unset, Value, Whose
from pipeline.queries.matching import opportunities_saying
from pipeline.queries.ranges import Dates, Period, Values

DAYS: dict[Field, InstrumentedAttribute[Any]] = {
    Field.CLOSE: Opportunity.expected_close,
    Field.NEXT: Opportunity.next_action_on,
}
INSTANTS: dict[Field, InstrumentedAttribute[Any]] = {
    Field.CREATED: Opportunity.created_at,
    Field.ENTERED: Opportunity.entered_stage_at,
    Field.CLOSED: Opportunity.closed_at,
}
PLAIN: dict[Field, InstrumentedAttribute[Any]] = {
    Field.STAGE: Opportunity.stage_id,
    Field.PIPELINE: Opportunity.pipeline_id,
    Field.STATUS: Opportunity.status,
}


def any_of(groups: Iterable[Group], person: User) -> ColumnElement[bool]:
    """Any of the groups, all of each."""
    return or_(*(and_(*(clause(one, person) for one in group)) for group in groups))


def clause(asked: Condition, person: User) -> ColumnElement[bool]:
    """True or false of every deal, never unknown, so that *none of* is the very opposite of *any of*."""
    if asked.field is Field.VALUE:
        return and_(*_worth(asked).where(Opportunity.value, Opportunity.currency))
    if column := DAYS.get(asked.field):
        return and_(*dates(asked).of_days(column, person))
    if column := INSTANTS.get(asked.field):
        return and_(*dates(asked).of_instants(column, person))
    found = _any(asked.field, asked.values, person)
    return not_(found) if asked.operator in {Operator.NONE, Operator.SAYS_NOT} else found


def owned_by(
    values: Sequence[Value], person: User, column: SQLColumnExpression[Any] = Opportunity.owner_id
) -> ColumnElement[bool]:
    """By any of these: somebody's number, me, my team, or nobody."""
    ids = [value for value in values if isinstance(value, int)] + ([person.id] if Whose.MINE in values else [])
    owned: list[ColumnElement[bool]] = [column.in_(ids)] if ids else []
    if Whose.TEAM in values:
        owned.append(or_(column == person.id, column.in_(_team_of(person))))
    some = and_(column.is_not(None), or_(*owned)) if owned else None
    nobody = column.is_(None)
    if Whose.NOBODY not in values:
        return some if some is not None else nobody
    return nobody if some is None else or_(nobody, some)


def wearing(tag_ids: Sequence[Value]) -> ColumnElement[bool]:
    worn = select(opportunity_tags.c.opportunity_id).where(opportunity_tags.c.tag_id.in_(tag_ids))
    return Opportunity.id.in_(worn)


def dates(asked: Condition) -> Dates:
    [value] = asked.values
    match asked.operator:
        case Operator.DURING:
            return Dates(period=Period(str(value)))
        case Operator.SINCE:
            return Dates(start=value)  # type: ignore[arg-type]  # these fields are read as dates
        case _:
            return Dates(end=value)  # type: ignore[arg-type]


def _worth(asked: Condition) -> Values:
    [amount] = asked.values
    assert isinstance(amount, Decimal)  # noqa: S101 — the field is read so
    return Values(start=amount) if asked.operator is Operator.AT_LEAST else Values(end=amount)


def _any(field: Field, values: Sequence[Value], person: User) -> ColumnElement[bool]:
    if column := PLAIN.get(field):
        return column.in_(values)
    match field:
        case Field.OWNER:
            return owned_by(values, person)
        case Field.TAG:
            return wearing(values)
        case Field.SOURCE:
            return _from(values)
        case Field.STEP:
            return or_(*(_is_at(Step(str(value)), person) for value in values))
        case _:
            return or_(*(opportunities_saying(str(value)) for value in values))


def _from(values: Sequence[Value]) -> ColumnElement[bool]:
    known = [value for value in values if isinstance(value, int)]
    some = and_(Opportunity.source_id.is_not(None), Opportunity.source_id.in_(known))
    return or_(some, Opportunity.source_id.is_(None)) if Unset.NONE in values else some


def _is_at(step: Step, person: User) -> ColumnElement[bool]:
    match step:
        case Step.MISSING:
            return _lacks_step()
        case Step.PLANNED:
            return not_(_lacks_step())
        case Step.ROTTING:
            return rotting.is_rotting(rotting.thresholds(), now=clock.now(), today=clock.today(person))


def _lacks_step() -> ColumnElement[bool]:
    """Open, in a stage where deals are worked, and no day set for what is next: as the board marks it."""
    worked = select(Stage.id).where(Stage.kind == StageKind.WORKING)
    return and_(
        Opportunity.status == Status.OPEN,
        Opportunity.next_action_on.is_(None),
        Opportunity.stage_id.in_(worked),
    )


def _team_of(person: User) -> Select[int]:
    """Everybody in the teams this person is in, or manages."""
    teams = [seat.group_id for seat in person.memberships if seat.group.kind is GroupKind.TEAM]
    return select(Membership.user_id).where(Membership.group_id.in_(teams))
