"""Following over HTTP: oneself, another, with htmx and without, and who may not."""

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import owning
from pipeline.models.opportunity import ShareLevel
from pipeline.transaction import transaction


@pytest.fixture
def url(deal):
    return f"/opportunities/{deal.id}/followers"


def names(visitor, deal):
    box = visitor.soup(f"/opportunities/{deal.id}").find(id=f"opportunity-{deal.id}-followers")
    return [person.get_text(" ", strip=True) for person in box.select(".person .cut")]


def test_one_click_follows_and_one_lets_go(olive, deal, url, cast):
    answer = olive.post(url, htmx=True)
    button = BeautifulSoup(answer.text, "html.parser").select_one(f"#opportunity-{deal.id}-followers button")
    assert (answer.status_code, button["aria-pressed"], button.text.strip()) == (200, "true", "Following")
    assert names(olive, deal) == ["Olive Owner"]
    assert olive.post(f"{url}/{cast.olive.id}/removal", htmx=True).status_code == 200
    assert names(olive, deal) == []


def test_without_javascript_it_leads_back_to_the_record(olive, deal, url):
    answer = olive.post(url)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/opportunities/{deal.id}")


def test_another_is_added_and_may_read_it_then(olive, deal, url, cast, visit):
    assert "Stan Stranger" in olive.get(f"{url}/new").text
    assert olive.post(url, htmx=True, user_id=cast.stan.id).status_code == 200
    assert names(visit(cast.stan), deal) == ["Stan Stranger"]


def test_a_reader_follows_but_adds_nobody(visit, cast, deal, url):
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    stan = visit(cast.stan)
    assert stan.get(f"{url}/new", htmx=True).status_code == 403
    assert stan.post(url, htmx=True, user_id=cast.ada.id).status_code == 403
    assert stan.post(url, htmx=True).status_code == 200
    assert names(stan, deal) == ["Stan Stranger"]


def test_nobody_who_is_not_there_follows(olive, url):
    assert olive.post(url, htmx=True, user_id=9999).status_code == 422


def test_to_a_stranger_it_does_not_exist(visit, cast, url):
    assert visit(cast.stan).post(url, htmx=True).status_code == 404


def test_signed_out_one_is_asked_to_sign_in(client, url):
    assert client.get(url).status_code == 303
