"""A record in the panel over another page: the same fragments, and the card beneath told of each change."""

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import owning
from pipeline.models.opportunity import ShareLevel
from pipeline.transaction import transaction
from tests import factories
from tests.support.visiting import Visitor


class OverABoard(Visitor):
    """A browser whose panel shows a record over a board."""

    def over(self, page: str, url: str, step: str = "") -> "OverABoard":
        self.said = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}", "HX-Panel": url}
        if step:
            self.said["HX-Panel-Step"] = step
        return self

    def _headers(self, htmx: bool, page: str) -> dict[str, str]:
        return self.said


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), "Bakery books", owner=cast.olive, typed_value=120000)


@pytest.fixture
def olive(app, cast, deal):
    return OverABoard(app, cast.olive).over(f"/board/{deal.pipeline_id}", f"/opportunities/{deal.id}")


def regions(answer):
    soup = BeautifulSoup(answer.text, "html.parser")
    return {part.get("id") or part.get("hx-target") for part in soup.find_all("hx-partial")}


@pytest.mark.parametrize(
    ("step", "pushed", "replaced"),
    [("open", True, False), ("swap", False, True), ("return", False, False)],
)
def test_opening_one_makes_an_entry_of_history_another_takes_its_place(olive, deal, step, pushed, replaced):
    url = f"/opportunities/{deal.id}"
    answer = olive.over(f"/board/{deal.pipeline_id}", url, step).get(url, htmx=True)
    assert (answer.status_code, regions(answer)) == (200, {"#panel"})
    assert "<title>Bakery books" in answer.text
    assert answer.headers.get("HX-Push-Url") == (url if pushed else None)
    assert answer.headers.get("HX-Replace-Url") == (url if replaced else None)


def test_the_panel_holds_what_the_page_holds_one_heading_lower(visit, cast, olive, deal):
    page = visit(cast.olive).soup(f"/opportunities/{deal.id}").select_one("article.record-page")
    panel = BeautifulSoup(olive.get(f"/opportunities/{deal.id}", htmx=True).text, "html.parser")
    assert page.find("h1").text == panel.find("h2").text == "Bakery books"
    assert panel.find("h1") is None
    assert {part["id"] for part in page.find_all(id=True)} == {part["id"] for part in panel.select("article [id]")}


def test_who_may_not_see_it_gets_no_panel_and_no_entry(app, cast, deal):
    stan = OverABoard(app, cast.stan).over("/board", f"/opportunities/{deal.id}", "open")
    answer = stan.get(f"/opportunities/{deal.id}", htmx=True)
    assert answer.status_code == 404
    assert "HX-Push-Url" not in answer.headers
    assert "Bakery" not in answer.text


def test_a_change_in_the_panel_draws_the_card_and_the_heads_beneath(olive, deal):
    answer = olive.post(f"/opportunities/{deal.id}/facts/value", htmx=True, typed_value="99", version=deal.version)
    card = f"opportunity-{deal.id}-card"
    assert {f"opportunity-{deal.id}-fact-value", f"opportunity-{deal.id}-head", "board-summary"} <= regions(answer)
    assert BeautifulSoup(answer.text, "html.parser").select_one(f"#{card} .card-value").text == "$99"


def test_a_move_in_the_panel_draws_record_card_and_both_heads(olive, deal):
    source, target = deal.stage, factories.stage_named(deal.pipeline, "Engaging")
    answer = olive.post(
        f"/opportunities/{deal.id}/moves", htmx=True, stage_id=target.id, version=deal.version, back="record"
    )
    soup = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert "Engaging" in soup.select_one("[aria-current=step]").text
    assert soup.select_one(f'[hx-target="#stage-{target.id}-cards > .cards-top"] #opportunity-{deal.id}-card')
    assert {f"stage-{source.id}-head", f"stage-{target.id}-head", f"opportunity-{deal.id}-timeline"} <= regions(answer)


def test_a_refused_move_draws_the_truth_in_both_and_asks(olive, deal):
    factories.required_item(deal.stage)
    target = factories.stage_named(deal.pipeline, "Engaging")
    answer = olive.post(f"/opportunities/{deal.id}/moves", htmx=True, stage_id=target.id, back="record")
    assert answer.status_code == 422
    assert {"#dialog", f"opportunity-{deal.id}-head", "board-summary"} <= regions(answer)


def test_moving_another_card_beneath_leaves_the_panel_alone(olive, cast, deal):
    other = factories.deal(deal.pipeline, "Other", owner=cast.olive)
    target = factories.stage_named(deal.pipeline, "Engaging")
    answer = olive.post(f"/opportunities/{other.id}/moves", htmx=True, stage_id=target.id, via="drag")
    assert answer.status_code == 200
    assert f"opportunity-{other.id}-head" not in regions(answer)


def test_a_board_of_another_pipeline_is_told_nothing(olive, deal):
    elsewhere = factories.sales_pipeline("Elsewhere")
    olive.over(f"/board/{elsewhere.id}", f"/opportunities/{deal.id}")
    answer = olive.post(f"/opportunities/{deal.id}/notes", htmx=True, body="Called")
    assert "board-summary" not in regions(answer)


def test_on_its_own_page_a_move_draws_its_regions_without_a_reload(visit, cast, deal):
    target = factories.stage_named(deal.pipeline, "Engaging")
    answer = visit(cast.olive).post(
        f"/opportunities/{deal.id}/moves",
        htmx=True,
        page=f"/opportunities/{deal.id}",
        stage_id=target.id,
        back="record",
    )
    assert "HX-Redirect" not in answer.headers
    assert f"opportunity-{deal.id}-head" in regions(answer)


def test_giving_away_what_one_sees_in_the_panel_leads_back_to_the_page_beneath(app, cast, deal):
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    stan = OverABoard(app, cast.stan).over("/board?owner=all", f"/opportunities/{deal.id}")
    answer = stan.post(f"/opportunities/{deal.id}/shares/{cast.stan.id}/removal", htmx=True)
    assert answer.headers["HX-Redirect"] == "/board?owner=all"
