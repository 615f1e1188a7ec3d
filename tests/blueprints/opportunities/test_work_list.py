"""Working a list: from one record to the next, in the list's own order and through what one may see."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import moves
from pipeline.domain.readiness import Answers
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements


@pytest.fixture
def deals(cast, pipeline):
    factories.deal(pipeline, "Hidden", owner=cast.stan, typed_value=250)
    return [factories.deal(pipeline, f"Deal {value}", owner=cast.olive, typed_value=value) for value in (100, 200, 300)]


def bar(visitor, url, **asked):
    found = visitor.get(url, **asked)
    assert found.status_code == 200
    return BeautifulSoup(found.text, "html.parser").select_one(".panel-bar")


def ways(bar):
    links = {link["title"].split()[0]: link["href"] for link in bar.select("nav a[data-key]")}
    return links.get("Previous"), links.get("Next")


def record(deal):
    return f"/opportunities/{deal.id}"


def test_from_a_list_the_page_leads_on_in_its_order_and_back_to_it(olive, deals):
    back = "/opportunities?sort=-value"
    found = bar(olive, f"{record(deals[1])}?back=%2Fopportunities%3Fsort%3D-value")
    carried = "?back=/opportunities?sort%3D-value"
    assert ways(found) == (record(deals[2]) + carried, record(deals[0]) + carried)
    assert "2 of 3" in found.text
    assert found.find("a", href=back).text == "Back to the list"


def test_at_an_end_there_is_one_way_only(olive, deals):
    found = bar(olive, f"{record(deals[2])}?back=%2Fopportunities%3Fsort%3D-value")
    assert ways(found)[0] is None
    assert "1 of 3" in found.text


def test_one_that_left_the_list_still_leads_on(olive, deals, pipeline):
    with transaction():
        moves.move(deals[1], factories.stage_named(pipeline, "Lost"), by=None, answers=Answers())
    found = bar(olive, f"{record(deals[1])}?back=%2Fopportunities%3Fsort%3D-value")
    assert [way.split("?")[0] for way in ways(found)] == [record(deals[2]), record(deals[0])]
    assert "left the 2 listed" in found.text


@pytest.mark.parametrize(("order", "above", "below"), [("manual", 2, 0), ("value", 2, 0), ("age", 0, 2)])
def test_over_a_board_the_panel_leads_along_the_column_by_its_order(olive, deals, pipeline, order, above, below):
    olive.client.environ_base |= {
        "HTTP_HX_PANEL": record(deals[1]),
        "HTTP_HX_CURRENT_URL": f"http://localhost/board/{pipeline.id}?order={order}",
    }
    found = bar(olive, record(deals[1]), htmx=True)
    assert ways(found) == (record(deals[above]), record(deals[below]))
    assert "2 of 3" in found.text


@pytest.mark.parametrize("page", ["/today", "/today?who=team", "/today/no-step"])
def test_from_today_it_leads_through_the_day_and_back(olive, deals, page):
    found = bar(olive, f"{record(deals[1])}?back={quote(page, safe='')}")
    assert [way.split("?")[0] for way in ways(found)] == [record(deals[0]), record(deals[2])]
    assert all(parse_qs(urlsplit(way).query) == {"back": [page]} for way in ways(found))
    assert "2 of 3" in found.text
    assert found.find("a", href=page).text == "Back to Today"


def test_opened_from_elsewhere_there_is_no_list_to_work(olive, deals):
    assert bar(olive, record(deals[1])) is None
    assert bar(olive, f"{record(deals[1])}?back=//evil.example") is None


@pytest.mark.parametrize("page", ["/opportunities?sort=-value", "/today"])
def test_with_its_neighbours_a_record_takes_six_queries_at_most(olive, deals, page):
    url = f"{record(deals[1])}?back={quote(page, safe='')}"
    olive.get(url)
    with statements() as asked:
        olive.get(url)
    assert len(asked) <= 6
