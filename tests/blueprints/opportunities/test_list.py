import csv
from collections.abc import Callable
from io import StringIO

import pytest

from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def test_the_list_is_a_page_of_rows_that_link_to_their_records(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    deal = factories.deal(pipeline, "Audit", owner=cast.olive, typed_value=123400)
    page = visit(cast.olive).soup("/opportunities")
    row = page.select_one("tbody tr")
    assert (row.th.a["href"], row.th.a["title"]) == (f"/opportunities/{deal.id}", "Audit")
    assert "$1,234" in row.get_text()
    assert row.select_one(".deal-move a")["aria-label"] == "Move Audit to…"


def test_signed_out_goes_to_sign_in(cast: Cast, client: Visitor) -> None:
    assert "/sign-in" in client.get("/opportunities").headers["Location"]
    assert "/sign-in" in client.get("/opportunities.csv").headers["Location"]


def test_an_empty_list_says_what_belongs_there(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    assert "No open opportunities" in visit(cast.olive).get("/opportunities").text
    assert "No opportunity matches" in visit(cast.olive).get("/opportunities?q=zzz").text


def test_filters_stand_in_the_url_and_on_the_page(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    for stage in (None, "Won", "Lost"):
        factories.deal(pipeline, stage or "Open", stage=stage)
    page = visit(cast.ada).soup("/opportunities")
    assert "2 closed not shown" in page.select_one(".active-filters").get_text()
    chip = page.select_one(".active-filters .chip")
    assert "Open" in chip.get_text()
    assert len(visit(cast.ada).soup(chip["href"]).select("tbody tr")) == 3
    won = visit(cast.ada).soup("/opportunities?status=won&sort=title")
    assert [row.th.get_text(strip=True) for row in won.select("tbody tr")] == ["Won"]
    assert won.select_one("select[name=status] option[selected]")["value"] == "won"
    assert won.select_one("input[name=sort]")["value"] == "title"


def test_headings_say_and_turn_the_order(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    factories.deal(pipeline, owner=cast.olive)
    page = visit(cast.olive).soup("/opportunities?sort=-value&owner=mine")
    heading = page.find("th", attrs={"aria-sort": True})
    assert (heading["aria-sort"], heading.get_text(strip=True)) == ("descending", "Value")
    assert "sort=value" in heading.a["href"]
    assert "owner=mine" in heading.a["href"]


def test_who_may_not_search_has_no_field_and_is_refused(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    with transaction():
        cast.olive.may_search = False
    visitor = visit(cast.olive)
    assert not visitor.soup("/opportunities").select("input[name=q]")
    assert visitor.get("/opportunities?q=acme").status_code == 403
    assert visitor.get("/search?q=acme").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["sort=nonsense", "page=0", "page=-1", "page=99999999999", "stage=x&tag=%00", "value_from=NaN", "q=%F0%9F%92%A9"],
)
def test_nonsense_in_the_url_breaks_nothing(pipeline: Pipeline, cast: Cast, visit: Visit, query: str) -> None:
    factories.deal(pipeline)
    assert visit(cast.ada).get(f"/opportunities?{query}").status_code == 200


def test_markup_in_names_stays_text(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    factories.deal(pipeline, "<script>alert(1)</script>", contact=factories.contact("<b>Ana</b>"))
    text = visit(cast.ada).get("/opportunities?q=<script>").text
    assert "<script>alert" not in text
    assert "<b>Ana" not in text


def rows(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    answer = visitor.get(f"/opportunities.csv{query}")
    assert answer.mimetype == "text/csv"
    assert "attachment; filename=opportunities-" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_the_export_is_what_is_seen_in_its_order(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    yen = factories.sales_pipeline("Japan", currency="JPY")
    factories.deal(pipeline, "Olive's", owner=cast.olive, typed_value=123456)
    factories.deal(yen, "Yen", owner=cast.olive, typed_value=5000)
    factories.deal(pipeline, "Stan's", owner=cast.stan)
    exported = rows(visit(cast.olive), "?sort=-title")
    assert [(row["title"], row["value"], row["currency"]) for row in exported] == [
        ("Yen", "5000", "JPY"),
        ("Olive's", "1234.56", "USD"),
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@cmd", "\tx"])
def test_no_cell_of_an_export_is_a_formula(pipeline: Pipeline, cast: Cast, visit: Visit, title: str) -> None:
    factories.deal(pipeline, "x", contact=factories.contact(f"{title}"))
    [row] = rows(visit(cast.ada))
    assert row["contact"][0] == "'" or row["contact"][0].isalnum()


def test_a_quoted_newline_survives_the_export(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    factories.deal(pipeline, 'Say "hello"\nand, more')
    assert rows(visit(cast.ada))[0]["title"] == 'Say "hello"\nand, more'


def test_the_page_asks_the_same_few_questions_of_few_and_of_many(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)

    def asked() -> int:
        with statements() as sent:
            visitor.get("/opportunities")
        return len(sent)

    factories.many_deals(pipeline, 10, owner=cast.olive)
    few = asked()
    factories.many_deals(pipeline, 990, owner=cast.olive)
    assert asked() == few
