"""What stands on one's own cards is one's own choice, and follows one to every device."""

import pytest

from pipeline.models.card_layout import STANDARD, CardLine, Density
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements

HERE = "/settings/card-layout"


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive, typed_value=123_400)


def test_a_card_shows_what_was_chosen_and_in_which_density(olive, cast, deal, afresh):
    assert "$1,234" in olive.get("/board").text
    assert olive.post(HERE, lines=["contact", "probability"], density="compact").location == HERE
    afresh()
    assert cast.olive.card_layout.lines == (CardLine.CONTACT, CardLine.PROBABILITY)
    assert cast.olive.card_layout.density is Density.COMPACT
    [card] = olive.soup("/board").select(".card")
    assert "compact" in card["class"]
    assert "Acme person" in card.get_text()
    assert "$1,234" not in card.get_text()


def test_anothers_cards_stay_as_they_were(olive, visit, cast, deal):
    olive.post(HERE, lines=[], density="compact")
    assert "$1,234" in visit(cast.ada).get("/board").text


def test_the_standard_layout_is_not_kept_so_that_it_stays_the_standard(olive, cast, afresh):
    olive.post(HERE, lines=[], density="compact")
    olive.post(HERE, lines=[line.value for line in STANDARD.lines], density="comfortable")
    afresh()
    assert cast.olive.card_layout is None


def test_a_sample_follows_the_choice_before_it_is_saved(olive, cast, afresh):
    answer = olive.post(f"{HERE}/preview", lines=["source"], density="compact", htmx=True)
    assert 'id="card-preview"' in answer.text
    assert "Fair" in answer.text
    assert "$12,500" not in answer.text
    afresh()
    assert cast.olive.card_layout is None


def test_nonsense_is_refused(olive):
    assert olive.post(HERE, lines=["password"], density="compact").status_code == 422
    assert olive.post(HERE, lines=["value"], density="huge").status_code == 422


def test_the_layout_page_opens_with_what_is_so(olive):
    page = olive.soup(HERE)
    assert {box["value"] for box in page.select("input[name=lines][checked]")} == {
        line.value for line in STANDARD.lines
    }


def test_signed_out_goes_to_sign_in(client, cast):
    assert client.get(HERE).status_code == 303


def test_a_full_layout_costs_the_board_no_question_more(olive, cast, deal):
    with statements() as few:
        olive.get("/board")
    olive.post(HERE, lines=[line.value for line in CardLine], density="compact")
    with statements() as many:
        olive.get("/board")
    assert len(many) == len(few)


def test_a_card_that_rots_says_how_long_nobody_was_in_touch(olive, deal):
    assert not olive.soup("/board").select(".card-rots")
    with transaction():
        deal.last_contact_at = deal.last_contact_at.replace(year=deal.last_contact_at.year - 1)
    [mark] = olive.soup("/board").select(".card-rots")
    assert "this pipeline calls it rotting after 14" in mark["title"]


def test_a_card_of_a_deal_at_rest_says_when_it_wakes(olive, deal):
    olive.post(f"/opportunities/{deal.id}/wake-up", day="2099-03-13")
    card = olive.soup("/board").select_one(".card")
    assert "Wakes 13 Mar 2099" in card.get_text(" ", strip=True)
