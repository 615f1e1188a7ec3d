"""Joining conditions by hand: without JavaScript, button by button, and with it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from pipeline.domain import tags
from pipeline.models.contact import Tag
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]
FORM = "/opportunities/conditions"


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def vip(cast: Cast) -> Tag:
    with transaction():
        return tags.named("VIP")


def url(*fields: tuple[str, object], back: str = "/opportunities") -> str:
    return f"{FORM}?{urlencode([('back', back), *fields])}"


def row(group: int, place: int, field: str, operator: str, *values: object) -> list[tuple[str, object]]:
    name = f"g{group}r{place}"
    return [(f"{name}.field", field), (f"{name}.operator", operator), *((f"{name}.value", value) for value in values)]


def titles(page: BeautifulSoup) -> list[str]:
    return sorted(line.th.get_text(strip=True) for line in page.select("tbody tr"))


def test_rows_and_groups_come_and_go_by_plain_buttons(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert len(visitor.soup(FORM).select(".condition")) == 1
    more = visitor.soup(url(*row(0, 0, "owner", "any", "mine"), ("do", "row-0")))
    assert len(more.select(".condition")) == 2
    assert more.select_one("input[value=mine]").has_attr("checked")
    either = visitor.soup(url(*row(0, 0, "owner", "any", "mine"), ("do", "group")))
    assert len(either.select(".condition-group")) == 2
    fewer = visitor.soup(url(*row(0, 0, "owner", "any", "mine"), *row(1, 0, "tag", "any"), ("do", "drop-0-0")))
    assert [one["value"] for one in fewer.select("[name$='field'] option[selected]")] == ["tag"]


def test_what_is_joined_leads_back_to_the_page_and_narrows_it(
    pipeline: Pipeline, cast: Cast, visit: Visit, vip: Tag
) -> None:
    factories.deal(pipeline, "Hers and big", owner=cast.olive, typed_value=2_000_000)
    factories.deal(pipeline, "Hers", owner=cast.olive)
    factories.deal(pipeline, "Tagged", owner=cast.stan, tags=[vip])
    asked = [
        *row(0, 0, "owner", "any", cast.olive.id),
        *row(0, 1, "value", "min", "10000"),
        *row(1, 0, "tag", "any", vip.id),
    ]
    answer = visit(cast.ada).get(url(*asked, ("do", "apply"), back="/opportunities?sort=title&page=2"))
    assert answer.status_code == 303
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told == {"sort": ["title"], "where": [f"owner.any.{cast.olive.id};value.min.10000|tag.any.{vip.id}"]}
    page = visit(cast.ada).soup(answer.headers["Location"])
    assert titles(page) == ["Hers and big", "Tagged"]
    chips = [chip.get_text(strip=True) for chip in page.select(".active-filters .chip")]
    assert chips[1:] == ["Either owner is Olive Owner and value is at least 10,000", "or tagged VIP"]
    form = visit(cast.ada).soup(f"{FORM}?{urlencode({'back': answer.headers['Location']})}")
    assert form.select_one(".conditions-sentence").get_text(strip=True) == (
        "Owner is Olive Owner and value is at least 10,000, or tagged VIP."
    )
    board = visit(cast.ada).soup(f"/board/{pipeline.id}?where={told['where'][0]}")
    assert sorted(card.get_text(strip=True) for card in board.select(".card h3")) == ["Hers and big", "Tagged"]


def test_a_condition_about_status_is_not_hidden_by_the_open_ones(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    answer = visit(cast.ada).get(url(*row(0, 0, "status", "any", "won"), ("do", "apply")))
    assert "status=all" in answer.headers["Location"]


def test_a_row_without_a_value_is_asked_for_it(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    asked = url(*row(0, 0, "value", "min", ""), ("do", "apply"))
    answer = visit(cast.ada).get(asked)
    assert answer.status_code == 422
    assert "Fill this in" in answer.text
    assert "Fill this in" in visit(cast.ada).get(asked, htmx=True).text


def test_with_htmx_the_form_opens_as_a_dialog_and_is_redrawn_in_place(
    pipeline: Pipeline, cast: Cast, visit: Visit
) -> None:
    visitor = visit(cast.ada)
    assert "<dialog" in visitor.get(FORM, htmx=True, page="/opportunities?q=x").text
    redrawn = visitor.get(url(*row(0, 0, "close", "any", 3), ("g0r0.was", "owner")), htmx=True).text
    assert "this quarter" in redrawn
    done = visitor.get(url(*row(0, 0, "owner", "any", "mine"), ("do", "apply")), htmx=True)
    assert done.headers["HX-Redirect"] == "/opportunities?where=owner.any.mine"


def test_what_is_gone_is_left_out_and_said(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    factories.deal(pipeline, "Here", owner=cast.olive)
    page = visit(cast.ada).soup("/opportunities?where=tag.any.77;owner.any.2&stage=999&source=x")
    assert titles(page) == ["Here"]
    said = page.select_one(".notice.warn").get_text()
    assert "A tag that is gone" in said
    assert "A stage that is gone" in said
    assert "source makes no sense" in said


@pytest.mark.parametrize("query", ["do=drop-9-9", "do=row-x", "g0r0.field=zzz&do=apply", "back=https://evil.example/"])
def test_nonsense_breaks_nothing(pipeline: Pipeline, cast: Cast, visit: Visit, query: str) -> None:
    answer = visit(cast.ada).get(f"{FORM}?{query}")
    assert answer.status_code in {200, 422}
    assert 'href="https://evil' not in answer.text


def test_signed_out_goes_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert "/sign-in" in client.get(FORM).headers["Location"]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        ("row-0", "g0r2-field"),
        ("group", "g2r0-field"),
        ("drop-0-0", "g0r0-field"),
        ("drop-0-1", "g0r0-field"),
        ("drop-1-0", "g0r1-field"),
        ("apply", "g0r1-value"),
    ],
)
def test_the_keyboard_goes_on_where_a_row_came_went_or_lacks_something(
    pipeline: Pipeline, cast: Cast, visit: Visit, act: str, field: str
) -> None:
    rows = [*row(0, 0, "owner", "any", "mine"), *row(0, 1, "value", "min", ""), *row(1, 0, "tag", "any")]
    page = BeautifulSoup(visit(cast.olive).get(url(*rows, ("do", act)), htmx=True).text, "html.parser")
    assert [one["id"] for one in page.select("[autofocus]")] == [field]
    wrong = [page.find(id=one["aria-describedby"]).get_text() for one in page.select("[aria-invalid]")]
    assert wrong == (["Fill this in.", "Tick at least one."] if act == "apply" else [])


@pytest.mark.parametrize("url", [FORM, "/opportunities/columns"])
def test_its_dialog_ends_as_all_do_with_what_it_is_for(pipeline: Pipeline, cast: Cast, visit: Visit, url: str) -> None:
    foot = visit(cast.olive).soup(url).select_one("dialog .dialog-foot")
    [*_, cancel, last] = foot.find_all(["a", "button"])
    assert (cancel.get_text(strip=True), last["class"]) == ("Cancel", ["button", "primary"])
