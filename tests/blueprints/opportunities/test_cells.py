"""Changing a deal where it stands in the list, and choosing what the list shows of it."""

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from flask.testing import FlaskClient

from pipeline.domain import opportunities, owning
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.queries.list_columns import Column
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]
LIST = "/opportunities"
EDITS = {
    "title": {"title": "Renamed"},
    "owner": {"owner_id": "0"},
    "value": {"typed_value": "1,500.50"},
    "close": {"expected_close": "2026-05-01"},
    "next": {"next_action": "Ring", "next_action_on": "2026-05-02"},
}


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(pipeline: Pipeline, cast: Cast) -> Opportunity:
    return factories.deal(pipeline, "Audit", owner=cast.olive, typed_value=100_00)


def url(deal: Opportunity, column: str, act: str = "") -> str:
    return f"/opportunities/{deal.id}/cells/{column}{act}"


@pytest.mark.parametrize("column", EDITS)
def test_a_cell_becomes_a_form_and_a_cell_again(
    deal: Opportunity, cast: Cast, visit: Visit, afresh: Callable[[], None], column: str
) -> None:
    visitor = visit(cast.ada)
    form = visitor.get(url(deal, column, "/edit"), htmx=True, page=LIST).text
    assert f'id="opportunity-{deal.id}-{column}"' in form
    assert 'name="version"' in form
    saved = visitor.post(url(deal, column), htmx=True, page=LIST, version=1, **EDITS[column])
    assert saved.status_code == 200, saved.text
    assert f'id="opportunity-{deal.id}-{column}"' in saved.text
    assert "opportunities-sums" in saved.text
    afresh()
    assert db.session.get_one(Opportunity, deal.id).version == 2


def test_cancelling_shows_the_cell_as_it_was(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    cell = visit(cast.olive).get(url(deal, "value"), htmx=True, page=LIST).text
    assert "$100" in cell
    assert "autofocus" in cell


def test_without_javascript_a_cell_leads_to_the_record(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    assert visit(cast.olive).get(url(deal, "value", "/edit")).headers["Location"] == f"/opportunities/{deal.id}"
    assert visit(cast.olive).post(url(deal, "title"), version=1, title="New", back=LIST).headers["Location"] == LIST


def test_the_totals_follow_with_the_filter_of_the_page(
    pipeline: Pipeline, deal: Opportunity, cast: Cast, visit: Visit
) -> None:
    factories.deal(pipeline, "Stan's", owner=cast.stan, typed_value=999_00)
    saved = visit(cast.ada).post(url(deal, "value"), htmx=True, page=f"{LIST}?owner={cast.olive.id}", typed_value="7")
    assert "$7" in saved.text
    assert "$1,006" not in saved.text


def test_nonsense_is_said_in_the_cell_and_kept_from_the_deal(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    refused = visit(cast.olive).post(url(deal, "value"), htmx=True, page=LIST, version=1, typed_value="much")
    assert refused.status_code == 422
    assert "cell editing" in refused.text
    assert "much" in refused.text


def test_a_conflict_is_shown_in_place_and_can_be_overruled(
    deal: Opportunity, cast: Cast, visit: Visit, afresh: Callable[[], None]
) -> None:
    with transaction():
        opportunities.change(deal, by=cast.ada, expected_close=date(2026, 6, 1))
    sent = {"version": 1, "expected_close": "2026-05-01"}
    clash = visit(cast.olive).post(url(deal, "close"), htmx=True, page=LIST, **sent)
    assert clash.status_code == 409
    assert "Ada Admin changed expected close" in clash.text
    assert 'name="version" type="hidden" value="2"' in clash.text
    visit(cast.olive).post(url(deal, "close"), htmx=True, page=LIST, **sent | {"version": 2})
    afresh()
    assert db.session.get_one(Opportunity, deal.id).expected_close == date(2026, 5, 1)


def test_the_stage_moves_by_the_one_way_there_is(
    pipeline: Pipeline, deal: Opportunity, cast: Cast, visit: Visit, afresh: Callable[[], None]
) -> None:
    factories.loss_reasons(pipeline, "Price")
    visitor, closing = visit(cast.olive), factories.stage_named(pipeline, "Closing")
    assert "Closing" in visitor.get(url(deal, "stage", "/edit"), htmx=True, page=LIST).text
    moved = visitor.post(url(deal, "stage"), htmx=True, page=LIST, version=1, stage_id=closing.id)
    assert "Closing" in moved.text
    lost = factories.stage_named(pipeline, "Lost")
    asked = visitor.post(url(deal, "stage"), htmx=True, page=LIST, stage_id=lost.id)
    assert asked.status_code == 422
    assert "<dialog" in asked.text
    afresh()
    assert db.session.get_one(Opportunity, deal.id).stage_id == closing.id


def test_strangers_find_no_cell_and_readers_change_none(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    assert visit(cast.stan).get(url(deal, "value", "/edit"), htmx=True).status_code == 404
    assert visit(cast.stan).post(url(deal, "value"), typed_value="1").status_code == 404
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.ada)
    assert visit(cast.stan).get(url(deal, "value", "/edit"), htmx=True).status_code == 403
    assert visit(cast.stan).post(url(deal, "title"), htmx=True, title="Mine").status_code == 403


def test_signed_out_goes_to_sign_in(deal: Opportunity, client: FlaskClient) -> None:
    assert "/sign-in" in client.get(url(deal, "value")).headers["Location"]


def headings(visitor: Visitor, page: str = LIST) -> list[str]:
    return [heading.get_text(strip=True) for heading in visitor.soup(page).select("thead th")][:-1]


def test_columns_are_chosen_ordered_and_kept_for_the_person(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    visitor, order = visit(cast.olive), ["title", "value", "email", "stage"]
    usual = headings(visitor)
    moved = visitor.post("/opportunities/columns", htmx=True, order=order, columns=["value"], **{"place-email": "0"})
    assert moved.text.index('value="email"') < moved.text.index('value="value"')
    visitor.post("/opportunities/columns", order=order, columns=["value", "stage"], back=LIST)
    assert headings(visitor) == ["Title", "Value", "Stage"]
    assert headings(visit(cast.stan)) != ["Title", "Value", "Stage"]
    visitor.post("/opportunities/columns", order=order, columns=["stage"], back=LIST, do="usual")
    assert headings(visitor) == usual


def test_a_status_is_a_column_where_not_all_have_the_same(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert "Status" not in headings(visitor)
    assert "Status" not in headings(visitor, f"{LIST}?status=won")
    assert headings(visitor, f"{LIST}?status=all").index("Status") == 4
    assert visitor.soup(f"/opportunities/columns?back={LIST}").select("[value=status]:not([checked])")


@pytest.mark.parametrize("asked", ["columns=value,owner", "columns=nonsense", "", "columns=all"])
def test_the_file_has_the_columns_and_the_rows_of_the_list(
    pipeline: Pipeline, deal: Opportunity, cast: Cast, visit: Visit, asked: str
) -> None:
    factories.deal(pipeline, "=1+1", owner=cast.olive, typed_value=50_00)
    visitor = visit(cast.olive)
    page = visitor.soup(f"{LIST}?{asked}&sort=title")
    link = page.select_one("a[href*='.csv']")["href"]
    [names, *rows] = csv.reader(StringIO(visitor.get(link).data.decode("utf-8-sig")))
    shown = [line.th.find("a").get_text() for line in page.select("tbody tr")]
    assert [row[0].removeprefix("'") for row in rows] == shown
    assert len({*names} & {"title", "value", "owner"}) == 3
    if asked == "columns=value,owner":
        assert names == ["title", "value", "currency", "owner"]


def test_every_column_can_be_shown_sorted_and_written(deal: Opportunity, cast: Cast, visit: Visit) -> None:
    page = visit(cast.olive).soup(f"{LIST}?columns={','.join(Column)}")
    assert len(page.select("thead th")) == len(Column) + 1
    for heading in page.select("thead a"):
        assert visit(cast.olive).get(heading["href"]).status_code == 200
    everything = visit(cast.olive).get("/opportunities.csv?columns=all").data.decode("utf-8-sig")
    assert len(everything.splitlines()) == 2
