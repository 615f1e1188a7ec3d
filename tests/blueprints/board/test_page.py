from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from pipeline.domain import moves, owning, pipelines, tags
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import board
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def region(page: BeautifulSoup, name: str) -> Tag:
    found = page.find("section", {"aria-label": name, "role": "region"})
    assert isinstance(found, Tag)
    return found


def cards(page: BeautifulSoup) -> list[str]:
    return [str(card["aria-label"]) for card in page.find_all("article")]


def test_columns_are_regions_and_cards_articles_with_a_link_and_a_button(
    visit: Visit, cast: Cast, pipeline: Pipeline
) -> None:
    deal = factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=123_400)
    page = visit(cast.olive).soup("/board")
    card = region(page, "New Opportunity").find("article", {"aria-label": "Acme"})
    assert card.find("a", string="Acme")["href"] == f"/opportunities/{deal.id}"
    assert card.find("button")["aria-label"] == "Move to…"
    assert "$1,234" in card.get_text()


def test_a_card_shows_four_tags_and_counts_the_others(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    with transaction():
        worn = [tags.named(f"tag {number}") for number in range(6)]
    factories.deal(pipeline, "Acme", owner=cast.olive, tags=worn)
    shown = region(visit(cast.olive).soup("/board"), "New Opportunity").select_one(".card-tags")
    assert shown is not None
    assert len(shown.select(".dot")) == 4
    assert shown.get_text() == "+2"


def test_board_opens_the_default_pipeline_and_later_the_last_one(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    other = factories.sales_pipeline("Partners", template="classic")
    olive = visit(cast.olive)
    assert olive.soup("/board").h1.get_text() == "Sales"
    assert olive.soup(f"/board/{other.id}").h1.get_text() == "Partners"
    assert olive.soup("/board").h1.get_text() == "Partners"


def test_a_pipeline_that_is_not_there_is_404(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    assert visit(cast.olive).get("/board/999").status_code == 404


def test_no_pipeline_and_no_stage_are_said_with_what_to_do(visit: Visit, cast: Cast) -> None:
    assert "An administrator sets pipelines up" in visit(cast.olive).get("/board").text
    with transaction():
        pipelines.create("Blank", currency="USD", by=None)
    assert "No stages yet" in visit(cast.olive).get("/board").text


@pytest.mark.parametrize("page", ["/board", "/opportunities", "/today"])
def test_who_is_no_rep_is_told_why_a_page_is_bare(visit: Visit, cast: Cast, pipeline: Pipeline, page: str) -> None:
    assert "You are not a sales rep" in visit(cast.guy).get(page).text
    assert "You are not a sales rep" not in visit(cast.olive).get(page).text


def test_closed_ones_are_said_to_be_hidden(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    factories.deal(pipeline, "Signed", stage="Won", owner=cast.olive)
    page = visit(cast.olive).soup("/board")
    assert cards(page) == []
    assert "1 closed not shown" in page.get_text()
    shown = region(page, "Won").find("a", string="Show it")
    assert cards(visit(cast.olive).soup(shown["href"])) == ["Signed"]


def test_what_another_status_hides_is_not_called_closed(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    factories.deal(pipeline, "Fresh", stage="Contacting", owner=cast.olive)
    told = region(visit(cast.olive).soup("/board?status=won"), "Contacting")
    assert "1 of another status not shown" in told.get_text()
    assert cards(visit(cast.olive).soup(told.find("a", string="Show it")["href"])) == ["Fresh"]


def test_a_pipeline_without_deals_leads_to_the_first(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    page = visit(cast.olive).soup("/board")
    assert "0 opportunities" in page.select_one(".board-summary").get_text()
    way = region(page, "New Opportunity").find("a", string="New opportunity")
    assert visit(cast.olive).get(way["href"]).status_code == 200
    factories.deal(pipeline, stage="Contacting", owner=cast.olive)
    assert not region(visit(cast.olive).soup("/board"), "New Opportunity").find("a", string="New opportunity")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("owner=mine", ["Mine"]),
        ("owner=none", ["Nobody's"]),
        ("status=abandoned", ["Given up"]),
        ("q=mine", ["Mine"]),
        ("owner=nonsense&status=nonsense", ["Nobody's", "Mine"]),
    ],
)
def test_filters_stand_in_the_url(visit: Visit, cast: Cast, pipeline: Pipeline, asked: str, shown: list[str]) -> None:
    factories.deal(pipeline, "Mine", owner=cast.olive)
    factories.deal(pipeline, "Nobody's")
    given_up = factories.deal(pipeline, "Given up")
    with transaction():
        moves.set_status(given_up, Status.ABANDONED, by=None)
        cast.olive.may_view_all = True
    assert cards(visit(cast.olive).soup(f"/board?{asked}")) == shown


def test_a_stranger_finds_no_trace(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    deal = factories.deal(pipeline, "Secret", owner=cast.olive, typed_value=987_600)
    text = visit(cast.stan).get("/board?status=all").text
    assert "Secret" not in text
    assert "9,876" not in text
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    assert "Secret" in visit(cast.stan).get("/board").text


def test_the_next_cards_come_as_a_fragment_and_lead_a_plain_browser_to_the_list(
    visit: Visit, cast: Cast, pipeline: Pipeline
) -> None:
    for number in range(board.PAGE + 2):
        factories.deal(pipeline, f"Deal {number:02}", owner=cast.olive)
    olive = visit(cast.olive)
    more = region(olive.soup("/board?owner=mine"), "New Opportunity").find("a", string="Show more")
    fragment = BeautifulSoup(olive.get(more["hx-get"], htmx=True).text, "html.parser")
    assert cards(fragment) == ["Deal 01", "Deal 00"]
    assert fragment.find("a", string="Show more") is None
    assert olive.get(more["href"]).location.startswith("/opportunities?")


def test_who_is_signed_out_is_asked_to_sign_in(client: FlaskClient, pipeline: Pipeline) -> None:
    assert client.get("/board").location == "/sign-in?next=/board"


def test_the_page_asks_the_database_as_often_for_many_as_for_few(visit: Visit, cast: Cast) -> None:
    few, many = factories.sales_pipeline("Few", template="feedback"), factories.sales_pipeline("Many")
    _fill(few, 1, cast.olive)
    _fill(many, 8, cast.olive)
    assert _asked(visit(cast.olive), few) == _asked(visit(cast.olive), many)


def _fill(pipeline: Pipeline, each: int, owner: User) -> None:
    for stage in pipeline.stages:
        for number in range(each):
            factories.deal(pipeline, f"{stage.name} {number}", stage=stage.name, owner=owner)


def _asked(visitor: Visitor, pipeline: Pipeline) -> int:
    address = f"/board/{pipeline.id}?status=all"
    with statements() as asked:
        assert visitor.get(address).status_code == 200
    return len(asked)


def test_a_column_that_a_filter_empties_says_so_and_leads_back(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    factories.deal(pipeline, "Acme", owner=cast.olive)
    olive = visit(cast.olive)
    column = region(olive.soup("/board?q=zzz"), "New Opportunity")
    assert "Nothing in New Opportunity matches this filter" in column.get_text()
    assert cards(olive.soup(column.find("a", string="Clear the filter")["href"])) == ["Acme"]
