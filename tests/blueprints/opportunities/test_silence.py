"""A record, its card and Today say how long nobody was in touch, and what its pipeline makes of it."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    long_ago = clock.now() - timedelta(days=19)
    return factories.deal(factories.sales_pipeline(), owner=cast.olive, created_at=long_ago)


def test_it_is_reckoned_how_long_nobody_was_in_touch(visit, cast, deal):
    words = "No contact for 19 days; this pipeline calls it rotting after 14."
    assert words in visit(cast.olive).get(f"/opportunities/{deal.id}").text
    visitor = visit(cast.olive)
    for page, tip in (("/board", ".card-rots"), ("/today", ".rotting .due-overdue")):
        assert visitor.soup(page).select_one(tip)["title"] == f"{words} A next step or a wake-up day pauses it."
    with transaction():
        activities.plan(deal, "Call", by=cast.olive, due_on=clock.days_from_today(3))
    assert "Paused until" in visit(cast.olive).get(f"/opportunities/{deal.id}").text
    with transaction():
        activities.log_call(deal, "No answer", by=cast.olive)
    assert "No contact for" not in visit(cast.olive).get(f"/opportunities/{deal.id}").text
