from collections.abc import Callable

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
    assert "Kestrel audit" in answer.text
    assert "<html" not in answer.text


def test_emptying_the_box_empties_what_stands_below_it(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).get("/search?q=", htmx=True)
    assert '<div class="found" id="found">\n</div>' in answer.text


def test_nothing_found_and_too_little_typed_say_what_to_do(cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert "Nothing found for “zzz”" in visitor.get("/search?q=zzz").text
    assert "Type at least two letters" in visitor.get("/search").text
    assert "Type at least two letters" in visitor.get("/search?q=a").text


def test_what_was_typed_stays_text(cast: Cast, visit: Visit) -> None:
    assert "<script>alert" not in visit(cast.olive).get("/search?q=<script>alert(1)</script>").text


def test_signed_out_goes_to_sign_in(cast: Cast, client: Visitor) -> None:
    assert "/sign-in" in client.get("/search?q=acme").headers["Location"]
