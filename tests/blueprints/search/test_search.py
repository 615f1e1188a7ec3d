from collections.abc import Callable

from bs4 import BeautifulSoup

from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]


def test_search_is_a_page_without_htmx(cast: Cast, visit: Visit) -> None:
    deal = factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = visit(cast.olive).soup("/search?q=kestrel")
    assert page.h1.get_text() == "Search for “kestrel”"
    assert page.select_one(f'main a[href="/opportunities/{deal.id}"]')
    assert page.select_one(f'main a[href="/contacts/{deal.contact_id}"]')
    assert page.select_one("#search")["value"] == "kestrel"


def test_with_htmx_it_is_what_stands_below_the_box(cast: Cast, visit: Visit) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    answer = visit(cast.olive).get("/search?q=kes", htmx=True)
    assert '<hx-partial id="found"' in answer.text
    assert "<mark>Kes</mark>trel audit" in answer.text
    assert "<html" not in answer.text


def test_emptying_the_box_empties_what_stands_below_it(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).get("/search?q=", htmx=True)
    assert "Part of a title" in answer.text
    assert "option" not in answer.text


def test_nothing_found_and_too_little_typed_say_what_to_do(cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert "Nothing found for “zzz”" in visitor.get("/search?q=zzz").text
    assert "Type at least two letters" in visitor.get("/search").text
    assert "Type at least two letters" in visitor.get("/search?q=a").text


def test_what_was_typed_stays_text(cast: Cast, visit: Visit) -> None:
    assert "<script>alert" not in visit(cast.olive).get("/search?q=<script>alert(1)</script>").text


def test_signed_out_goes_to_sign_in(cast: Cast, client: Visitor) -> None:
    assert "/sign-in" in client.get("/search?q=acme").headers["Location"]


def test_a_group_is_read_page_by_page(cast: Cast, visit: Visit) -> None:
    factories.many_deals(factories.sales_pipeline(), 60, owner=cast.olive)
    visitor = visit(cast.olive)
    first = visitor.soup("/search?q=deal").select_one('a[href^="/search/opportunities"]')["href"]
    page = visitor.soup(first)
    assert page.h1.get_text() == "Opportunities with “deal”"
    assert len(page.select(".found-list a")) == 50
    assert len(visitor.soup(page.select_one("a[rel=next]")["href"]).select(".found-list a")) == 10
    assert "Nothing here" in visitor.get("/search/people?q=deal&page=9").text


def test_what_was_typed_is_marked(cast: Cast, visit: Visit) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel <audit>", owner=cast.olive)
    answer = visit(cast.olive).get("/search?q=audit", htmx=True)
    assert "Kestrel &lt;<mark>audit</mark>&gt;" in answer.text


def test_while_one_types_each_result_is_a_choice_of_the_box(cast: Cast, visit: Visit) -> None:
    deal = factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    answer = visit(cast.olive).get("/search?q=kes", htmx=True)
    choices = BeautifulSoup(answer.text, "html.parser").select("[role=listbox] > [role=group] > [role=option]")
    assert [choice["href"] for choice in choices] == [
        f"/opportunities/{deal.id}",
        f"/contacts/{deal.contact_id}",
        "/search?q=kes",
    ]
