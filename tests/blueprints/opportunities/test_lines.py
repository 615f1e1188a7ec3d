"""The products on a record: put on, changed and taken off in place, with htmx and without."""

from collections.abc import Callable

import pytest

from pipeline.domain import lines
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import Bundle, BundleLine, Product
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    return factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, typed_value=5_000)


@pytest.fixture
def books(cast: Cast) -> Product:
    return factories.product("Books", 4_000, tax_rate=1_000)


@pytest.fixture
def olive(deal: Opportunity, cast: Cast, visit: Visit) -> Visitor:
    olive = visit(cast.olive)
    olive.get(f"/opportunities/{deal.id}")
    return olive


def root(deal: Opportunity) -> str:
    return f"/opportunities/{deal.id}/lines"


def terms(deal: Opportunity, **more: object) -> dict[str, object]:
    """What the form sends; that of a new line knows no version."""
    version = {} if "what" in more else {"version": deal.version}
    return {"quantity": 1, "discount": "", "price_override": "", **version, **more}


def test_a_deal_without_products_says_what_they_are_for(olive: Visitor, deal: Opportunity) -> None:
    page = olive.get(f"/opportunities/{deal.id}").text
    assert "Products put here make the deal’s value" in page
    assert "There is nothing to sell yet" in olive.get(f"{root(deal)}/new").text


def test_a_product_is_put_on_changed_and_taken_off_without_htmx(
    olive: Visitor, deal: Opportunity, books: Product, afresh: Callable[[], None]
) -> None:
    assert '<optgroup label="Products">' in olive.get(f"{root(deal)}/new").text
    sent = terms(deal, what=f"product-{books.id}", quantity=2, discount="10")
    assert olive.post(root(deal), **sent).location == f"/opportunities/{deal.id}"
    text = olive.soup(f"/opportunities/{deal.id}").find("section", {"id": f"opportunity-{deal.id}-lines"}).get_text(" ")
    for words in ("2 × Books", "$72", "10% off", "plus 10% tax", "$7.20", "$79.20"):
        assert words in " ".join(text.split())

    afresh()
    line = lines.of(deal)[0]
    olive.get(f"{root(deal)}/{line.id}/edit")
    olive.post(f"{root(deal)}/{line.id}", **terms(deal, quantity=1, price_override="35.50"))
    afresh()
    assert (deal.value, deal.lines_total) == (3_550, 3_550)

    olive.post(f"{root(deal)}/{line.id}/deletion")
    afresh()
    assert (lines.of(deal), deal.value) == ([], 5_000)


def test_with_htmx_the_answer_is_the_regions_that_changed(olive: Visitor, deal: Opportunity, books: Product) -> None:
    answer = olive.post(root(deal), htmx=True, **terms(deal, what=f"product-{books.id}"))
    assert answer.status_code == 200
    for region in ("head", "lines", "facts", "timeline"):
        assert f'id="opportunity-{deal.id}-{region}"' in answer.text
    assert "follows its products" in answer.text
    assert "added <b>Books</b> (1 × 40.00 USD)" in answer.text
    assert "<html" not in answer.text


def test_a_bundle_brings_its_own_terms(olive: Visitor, deal: Opportunity, books: Product) -> None:
    with transaction():
        pack = Bundle(name="Start", lines=[BundleLine(product=books, position=0, quantity=3, discount=5_000)])
        db.session.add(pack)
    olive.get(f"{root(deal)}/new")
    olive.post(root(deal), **terms(deal, what=f"bundle-{pack.id}", quantity=99))
    db.session.rollback()
    assert deal.value == 6_000


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quantity": 0}, "Say how many"),
        ({"discount": "101"}, "is not a percentage"),
        ({"price_override": "dear"}, "is not an amount in USD"),
        ({"what": ""}, "Choose a product"),
        ({"what": "product-99"}, "Not a valid choice"),
    ],
)
def test_nonsense_comes_back_as_it_was_typed(
    olive: Visitor, deal: Opportunity, books: Product, wrong: dict[str, object], sentence: str
) -> None:
    olive.get(f"{root(deal)}/new")
    sent = {**terms(deal, what=f"product-{books.id}", quantity=7), **wrong}
    answer = olive.post(root(deal), htmx=True, **sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert lines.of(deal) == []


def test_a_rule_that_refuses_says_so_in_the_form(olive: Visitor, deal: Opportunity) -> None:
    euro = factories.product("Livres", 4_000, currency="EUR")
    answer = olive.post(root(deal), htmx=True, **terms(deal, what=f"product-{euro.id}"))
    assert answer.status_code == 422
    assert "priced in EUR and this deal counts in USD" in answer.text


def test_who_changes_the_same_line_second_is_asked(
    olive: Visitor, deal: Opportunity, books: Product, cast: Cast
) -> None:
    line = factories.line(deal, books)
    seen = deal.version
    with transaction():
        lines.change(line, by=cast.ada, quantity=2)
    sent = terms(deal, quantity=5, version=seen)
    answer = olive.post(f"{root(deal)}/{line.id}", htmx=True, **sent)
    assert answer.status_code == 409
    for words in ("Ada Admin changed Books meanwhile", "Apply mine", "Keep theirs", f'value="{deal.version}"'):
        assert words in answer.text
    assert olive.post(f"{root(deal)}/{line.id}", htmx=True, **{**sent, "version": deal.version}).status_code == 200


def test_a_stranger_finds_nothing_and_a_reader_changes_nothing(
    deal: Opportunity, books: Product, cast: Cast, visit: Visit
) -> None:
    line = factories.line(deal, books)
    stan = visit(cast.stan)
    stan.get("/today")
    assert stan.get(f"{root(deal)}/new").status_code == 404
    assert stan.post(f"{root(deal)}/{line.id}/deletion").status_code == 404
    with transaction():
        cast.stan.may_view_all = True
    assert "Books" in stan.get(f"/opportunities/{deal.id}").text
    assert "Add a product" not in stan.get(f"/opportunities/{deal.id}").text
    assert stan.post(f"{root(deal)}/{line.id}/deletion").status_code == 403
    assert lines.of(deal) == [line]


def test_a_line_of_another_deal_is_not_there(olive: Visitor, deal: Opportunity, books: Product, cast: Cast) -> None:
    other = factories.line(factories.deal(deal.pipeline, "Other", owner=cast.olive), books)
    assert olive.get(f"{root(deal)}/{other.id}/edit").status_code == 404


@pytest.mark.parametrize(("form", "send"), [("facts/value/edit", "facts/value"), ("cells/value/edit", "cells/value")])
def test_a_value_that_follows_products_is_to_be_read_and_not_typed(
    olive: Visitor, deal: Opportunity, books: Product, afresh: Callable[[], None], form: str, send: str
) -> None:
    factories.line(deal, books)
    its = f"/opportunities/{deal.id}"
    shown = olive.get(f"{its}/{form}", htmx=True, page="/opportunities").text
    assert "readonly" in shown
    assert 'value="40.00"' in shown
    assert "It follows the products on the deal; change those instead." in shown

    refused = olive.post(f"{its}/{send}", htmx=True, page="/opportunities", typed_value="99", version=deal.version)
    assert refused.status_code == 422
    assert "The value of Acme follows its products" in refused.text
    assert 'value="40.00"' in refused.text

    sent = {"typed_value": "40.00", "low": "10", "version": deal.version}
    assert olive.post(f"{its}/{send}", htmx=True, page="/opportunities", **sent).status_code == 200
    afresh()
    known = db.session.get_one(Opportunity, deal.id)
    assert (known.typed_value, known.value, known.low) == (5_000, 4_000, 1_000)
