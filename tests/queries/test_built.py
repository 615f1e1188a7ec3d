"""A statement is kept only for those to whom it means the same, and only while it does."""

import pytest

from pipeline.queries import built
from pipeline.queries.built import Built
from pipeline.queries.filters import Filter
from tests.cast import Cast

UNLASTING = [{"close": "month"}, {"q": "kestrel"}, {"step": "rotting"}, {"owner": "team"}, {"value_from": "10"}]


@pytest.mark.parametrize("asked", UNLASTING, ids=lambda asked: next(iter(asked)))
def test_what_changes_by_itself_has_no_key(cast: Cast, asked: dict[str, str]) -> None:
    filter = Filter.read(asked)
    assert filter.narrowed_by - {"status"}, "this filter asks for nothing: say it as a URL does"
    assert built.key(filter, cast.ada) is None


def test_who_see_different_things_have_different_keys(cast: Cast) -> None:
    keys = {built.key(Filter(), person) for person in (cast.ada, cast.olive, cast.tom, cast.stan)}
    assert len(keys) == 4


def test_ones_own_are_nobody_elses(cast: Cast) -> None:
    mine = Filter.read({"owner": "mine"})
    cast.stan.may_view_all = True
    assert built.key(mine, cast.ada) != built.key(mine, cast.stan)
    assert built.key(Filter(), cast.ada) == built.key(Filter(), cast.stan)


def test_a_statement_is_built_once_for_its_key_and_each_time_without() -> None:
    made: list[int] = []
    kept: Built[int] = Built()
    for key in ("one", "one", None, None):
        kept.of(key, lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]
    assert len(made) == 3


def test_no_more_than_some_are_kept() -> None:
    kept: Built[int] = Built()
    for number in range(1000):
        assert kept.of(number, lambda number=number: number) == number  # type: ignore[misc]
    assert len(kept._kept) <= built.MOST
