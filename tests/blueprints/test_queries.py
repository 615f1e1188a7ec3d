"""The pages a rep lives on ask the database six times at most, who comes and what waits for them included."""

from collections.abc import Callable

import pytest

from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

MOST = 6


@pytest.mark.parametrize("name", ["ada", "olive", "tom"])
@pytest.mark.parametrize(
    "page",
    [
        "/board",
        "/board?owner=mine&status=all",
        "/board?q=deal",
        "/board?step=rotting",
        "/opportunities",
        "/opportunities?step=rotting",
        "/opportunities/1",
        "/today",
    ],
)
def test_a_page_asks_six_times_at_most(cast: Cast, visit: Callable[[User], Visitor], name: str, page: str) -> None:
    factories.many_deals(factories.sales_pipeline(), 30, owner=cast[name])
    visitor = visit(cast[name])
    assert visitor.get(page).status_code == 200
    with statements() as asked:
        visitor.get(page)
    assert len(asked) <= MOST, asked
