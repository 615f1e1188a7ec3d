"""Deleting asks first, takes a right of its own, and can be undone for sixty days."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.transaction import transaction


@pytest.fixture
def url(deal):
    return f"/opportunities/{deal.id}"


@pytest.fixture
def deleter(cast, olive):
    with transaction():
        cast.olive.may_delete = True
    return olive


def test_it_is_asked_first_in_a_dialog_or_on_a_page(deleter, url):
    assert "<dialog" in deleter.get(f"{url}/deletion/new", htmx=True).text
    assert "For 60 days it can be restored" in deleter.get(f"{url}/deletion/new").text


def test_a_deleted_deal_is_gone_until_it_is_restored(deleter, url):
    assert deleter.post(f"{url}/deletion").location == "/opportunities/deleted"
    assert deleter.get(url).status_code == 404
    assert "Acme" in deleter.soup("/opportunities/deleted").select_one("table").get_text()
    assert deleter.post(f"{url}/restoration").location == url
    assert "restored it" in deleter.get(url).text
    assert "Nothing was deleted lately" in deleter.get("/opportunities/deleted").text


def test_without_the_right_there_is_nothing_to_press_and_nothing_to_send(olive, url):
    assert not olive.soup(url).find("a", href=f"{url}/deletion/new")
    for path in (f"{url}/deletion", f"{url}/restoration"):
        assert olive.post(path).status_code == 403
    assert olive.get("/opportunities/deleted").status_code == 403


def test_what_others_deleted_is_listed_only_for_who_may_see_it(deleter, url, visit, cast):
    deleter.post(f"{url}/deletion")
    with transaction():
        cast.stan.may_delete = True
    stan = visit(cast.stan)
    assert "Acme" not in stan.get("/opportunities/deleted").text
    assert stan.post(f"{url}/restoration").status_code == 404


def test_after_sixty_days_it_is_not_offered_any_more(deleter, url):
    deleter.post(f"{url}/deletion")
    assert deleter.soup("/opportunities/deleted").select_one("table")
    with clock.travelled(timedelta(days=61)):
        assert not deleter.soup("/opportunities/deleted").select_one("table")


def test_the_list_leads_to_what_was_deleted_for_who_may_restore_it(deleter, reader):
    assert deleter.soup("/opportunities").find("a", href="/opportunities/deleted")
    assert not reader.soup("/opportunities").find("a", href="/opportunities/deleted")


def test_deleting_twice_is_a_404(deleter, url):
    deleter.post(f"{url}/deletion")
    assert deleter.post(f"{url}/deletion").status_code == 404
