"""What is selected: one by one, by column, by filter; and only what a person may see."""

import pytest
from werkzeug.datastructures import MultiDict

from pipeline.domain import opportunities
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries import selection
from pipeline.queries.selection import MOST_SINGLY, Selection
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


def titles(selected: Selection, person: User) -> list[str]:
    ids = db.session.scalars(selection.chosen(selected, seen_by=person)).all()
    return sorted(db.session.get_one(Opportunity, id_).title for id_ in ids)


@pytest.fixture
def deals(cast: Cast) -> dict[str, Opportunity]:
    sales = factories.sales_pipeline()
    made = [
        factories.deal(sales, "New", owner=cast.olive),
        factories.deal(sales, "Newer", owner=cast.olive),
        factories.deal(sales, "Called", stage="Contacting", owner=cast.olive),
        factories.deal(sales, "Over", stage="Lost", owner=cast.olive),
        factories.deal(sales, "Stan's", owner=cast.stan),
    ]
    return {deal.title: deal for deal in made}


def test_it_reads_what_boxes_and_hidden_fields_say() -> None:
    sent = MultiDict([("ids", "3"), ("ids", "5,7,,x,-1"), ("stages", "2"), ("filter", "owner=mine"), ("all", "0")])
    read = Selection.read(sent)
    assert (read.ids, read.stages, read.everything) == ({3, 5, 7}, {2}, False)
    assert Selection.read(MultiDict(read.fields)) == read


def test_ticked_ones_and_whole_columns_add_up(deals: dict[str, Opportunity], cast: Cast) -> None:
    first = deals["New"].stage_id
    asked = f"pipeline={deals['New'].pipeline_id}"
    assert titles(Selection(ids=frozenset({deals["Called"].id})), cast.olive) == ["Called"]
    assert titles(Selection(stages=frozenset({first}), asked=asked), cast.olive) == ["New", "Newer"]
    both = Selection(ids=frozenset({deals["Called"].id, deals["New"].id}), stages=frozenset({first}), asked=asked)
    assert titles(both, cast.olive) == ["Called", "New", "Newer"]


def test_all_is_what_the_filter_shows(deals: dict[str, Opportunity], cast: Cast) -> None:
    assert titles(Selection(everything=True), cast.olive) == ["Called", "New", "Newer"]
    assert titles(Selection(everything=True, asked="status=lost"), cast.olive) == ["Over"]


def test_what_one_may_not_see_or_what_is_deleted_is_not_there(deals: dict[str, Opportunity], cast: Cast) -> None:
    with transaction():
        opportunities.delete(deals["Newer"], by=None)
    everyone = Selection(ids=frozenset(deal.id for deal in deals.values()))
    assert titles(everyone, cast.olive) == ["Called", "New", "Over"]
    assert titles(everyone, cast.stan) == ["Stan's"]
    assert titles(Selection(), cast.ada) == []


def test_too_many_one_by_one_are_refused() -> None:
    many = ",".join(str(number) for number in range(1, MOST_SINGLY + 2))
    with pytest.raises(RuleBroken, match="at most 5000"):
        Selection.read(MultiDict([("ids", many)]))
