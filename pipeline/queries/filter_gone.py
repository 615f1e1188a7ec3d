"""What a filter names that is not there any more: left out of it, and said."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from pipeline.queries import conditions
from pipeline.queries.conditions import Condition, Group, Kind, Whose
from pipeline.queries.filters import Filter

There = Mapping[str, Set[int]]
Gone = tuple[tuple[str, int], ...]
SINGLE = ("pipeline", "stage", "tag", "source")


def without(filter: Filter, there: There) -> tuple[Filter, Gone]:
    """The filter that asks only for what is there, and what it had to leave out: its kind and number."""
    gone = tuple(dict.fromkeys(named for named in _named(filter) if named[1] not in there[named[0]]))
    if not gone:
        return filter, ()
    single = {kind: None for kind, number in gone if kind in SINGLE and getattr(filter, kind) == number}
    owners = tuple(one for one in filter.owners if isinstance(one, Whose) or ("owner", one) not in gone)
    groups = tuple(left for group in filter.any_of if (left := _left_of(group, there)))
    owner = Whose.ANYONE if not owners else owners[0] if len(owners) == 1 else owners
    return replace(filter, **single, owner=owner, any_of=tuple(dict.fromkeys(groups))), gone  # type: ignore[arg-type]


def remarks(gone: Gone, names: Mapping[str, Mapping[int, str]]) -> Iterator[str]:
    for kind, number in gone:
        name = names[kind].get(number)
        if name:
            yield f"The {kind} {name} is not in use any more, and was left out of the filter."
        else:
            article = "An" if kind == "owner" else "A"
            yield f"{article} {kind} that is gone was left out of the filter."


def names_things(filter: Filter) -> bool:
    """Whether there is anything in it that could be gone."""
    return any(True for _ in _named(filter))


def _named(filter: Filter) -> Iterator[tuple[str, int]]:
    for kind in SINGLE:
        if (number := getattr(filter, kind)) is not None:
            yield kind, number
    for owner in filter.owners:
        if not isinstance(owner, Whose):
            yield "owner", owner
    for one in conditions.each(filter.any_of):
        for value in one.values:
            if conditions.FIELDS[one.field] is Kind.THINGS and isinstance(value, int):
                yield str(one.field), value


def _left_of(group: Group, there: There) -> Group:
    """The group without what is gone; without a condition of which nothing is left."""
    kept = []
    for one in group:
        if conditions.FIELDS[one.field] is not Kind.THINGS:
            kept.append(one)
            continue
        values = tuple(value for value in one.values if not isinstance(value, int) or value in there[one.field])
        if values:
            kept.append(Condition(one.field, one.operator, values))
    return tuple(kept)
