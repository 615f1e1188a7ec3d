"""A statement is kept only for those to whom it means the same, and only while it does."""

import pytest

from pipeline.models.user import User
from pipeline.queries import built
from pipeline.queries.built import Built
from pipeline.queries.filters import Filter
from tests.cast import Cast

UNLASTING = [{"close": "month"}, {"q": "kestrel"}, {"step": "rotting"}, {"owner": "team"}, {"value_from": "10"}]


@pytest.mark.parametrize("asked", UNLASTING, ids=lambda asked: next(iter(asked)))
def test_what_changes_by_itself_is_built_each_time(cast: Cast, asked: dict[str, str]) -> None:
    filter = Filter.read(asked)
    assert filter.narrowed_by - {"status"}, "this filter asks for nothing: say it as a URL does"
    assert _times_built(filter, [cast.olive, cast.olive]) == 2


def test_a_statement_serves_all_who_see_alike_and_nobody_else(cast: Cast) -> None:
    mine = Filter.read({"owner": "mine"})
    assert _times_built(mine, [cast.tom, cast.stan, cast.tom]) == 1
    assert _times_built(mine, [cast.ada, cast.olive, cast.tom]) == 3


def _times_built(filter: Filter, people: list[User]) -> int:
    made: list[User] = []
    kept: Built[int] = Built()
    for person in people:
        kept.for_all_like(person, filter, build=lambda reader: made.append(reader) or 1)  # type: ignore[func-returns-value]
    return len(made)


def test_no_more_than_some_are_kept() -> None:
    kept: Built[int] = Built()
    for number in range(1000):
        assert kept.of(number, lambda number=number: number) == number  # type: ignore[misc]
    assert len(kept._kept) <= built.MOST
