"""Skins, set up by admins and looked at while they are changed; and as prospects' browsers get them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from pipeline.domain import skins
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.skin import Skin
from pipeline.models.user import User
from pipeline.transaction import transaction
from pipeline.web import skin_style
from tests import factories
from tests.cast import Cast
from tests.support.pages import look_over_in_public
from tests.support.visiting import Visitor

HERE = "/settings/skins"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SKIN = {
    "name": "Harbor",
    "accent": "#0a6b4b",
    "background": "#fffdf7",
    "ink": "#20241f",
    "header": "# Harbor **light**",
    "footer": "Quay 1 <script>alert(1)</script>",
    "terms": "[Our terms](https://harbor.example/terms)",
    "thanks": "We call you tomorrow.",
}


@pytest.fixture
def ada(cast: Cast, visit: Callable[[User], Visitor]) -> Visitor:
    return visit(cast.ada)


def picture(content: bytes = PNG, name: str = "logo.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def kept() -> list[Skin]:
    db.session.rollback()
    return list(db.session.scalars(select(Skin).order_by(Skin.id)))


def made(ada: Visitor, **fields: Any) -> Skin:
    assert ada.post(HERE, **{**SKIN, **fields}).status_code == 303
    return kept()[-1]


def test_a_skin_is_made_shown_and_changed(ada: Visitor) -> None:
    ada.get(f"{HERE}/new")
    skin = made(ada, logo=picture())
    page = ada.get(f"{HERE}/{skin.id}").text
    assert "Harbor" in ada.get(HERE).text
    assert 'value="#0a6b4b"' in page
    assert "Take the logo away" in page
    assert ada.post(f"{HERE}/{skin.id}", **{**SKIN, "name": "Quay"}).status_code == 303
    (skin,) = kept()
    assert (skin.name, skin.version, skin.logo) == ("Quay", 2, PNG)
    assert "set name from" in ada.get(f"{HERE}/{skin.id}").text


def test_the_logo_is_taken_away(ada: Visitor) -> None:
    skin = made(ada, logo=picture())
    assert ada.post(f"{HERE}/{skin.id}", **SKIN, takes_logo_away="y").status_code == 303
    assert kept()[0].logo_type is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "A skin needs a name."),
        ({"ink": "#aaaaaa"}, "needs 4.5 to be read"),
        ({"accent": "red;}body{display:none"}, "is no colour for the accent"),
        ({"footer": "x" * 2001}, "Use at most 2000 letters."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(ada: Visitor, fields: dict[str, str], words: str) -> None:
    answer = ada.post(HERE, **{**SKIN, **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert "We call you tomorrow." in answer.text
    assert kept() == []


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"GIF", PNG + b"x" * 100_000])
def test_what_is_no_logo_is_refused(ada: Visitor, content: bytes) -> None:
    answer = ada.post(HERE, **SKIN, logo=picture(content))
    assert answer.status_code == 422
    assert "ogo" in answer.text
    assert kept() == []


@pytest.mark.parametrize("htmx", [True, False])
def test_a_preview_shows_the_prospects_own_page_and_keeps_nothing(ada: Visitor, htmx: bool) -> None:
    answer = ada.post(HERE, htmx=htmx, preview="1", logo=picture(), **SKIN)
    assert answer.status_code == 200
    frames = BeautifulSoup(answer.text, "html.parser").find_all("iframe")
    assert len(frames) == 2
    assert [frame["sandbox"] for frame in frames] == [["allow-same-origin"]] * 2
    offer, thanks = (str(frame["srcdoc"]) for frame in frames)
    assert "Offer for Ana Lima" in offer
    assert "Quay 1 &lt;script&gt;" in offer
    assert "<h3>Harbor <strong>light</strong></h3>" in offer
    assert "data:image/png;base64," in offer
    assert "We call you tomorrow." in thanks
    look_over_in_public(offer.replace("data:image/png", "/logo"))
    style = BeautifulSoup(offer, "html.parser").find("link", rel="stylesheet")
    assert "--accent:#0a6b4b" in ada.client.get(str(style["href"])).text  # type: ignore[index]
    assert kept() == []


def test_a_preview_says_what_cannot_be_told_apart_and_what_could(ada: Visitor) -> None:
    answer = ada.post(HERE, htmx=True, preview="1", **{**SKIN, "ink": "#aaaaaa", "background": "#ffffff"})
    assert "Text on the page: 2.32 of 4.5. Take #" in answer.text


def test_a_preview_of_nonsense_is_one_of_the_usual_colours(ada: Visitor) -> None:
    answer = ada.post(HERE, htmx=True, preview="1", accent="red", logo=picture(b"no picture"))
    assert answer.status_code == 200
    assert "1f5eff" in answer.text
    assert ada.client.get(f"{HERE}/style.css?accent=red&background=%23ffffff&ink=%23000000").status_code == 404


def test_a_skin_is_archived_and_brought_back(ada: Visitor) -> None:
    skin = made(ada)
    assert ada.post(f"{HERE}/{skin.id}/archive").status_code == 303
    assert "1 archived" in ada.get(HERE).text
    assert ada.post(f"{HERE}/{skin.id}", **SKIN, thanks_="").status_code == 422
    assert "Bring it back" in ada.get(f"{HERE}/{skin.id}").text
    assert ada.post(f"{HERE}/{skin.id}/restoration").status_code == 303
    assert kept()[0].archived_at is None


def test_a_pipelines_skin_is_not_archived(ada: Visitor) -> None:
    skin, pipeline = made(ada), factories.sales_pipeline("Direct")
    with transaction():
        pipeline.skin_id = skin.id
    answer = ada.post(f"{HERE}/{skin.id}/archive")
    assert answer.status_code == 422
    assert "The links of Direct wear this skin" in answer.text
    assert "Direct" in ada.get(HERE).text


def test_an_offer_wears_it(ada: Visitor, client: FlaskClient, cast: Cast) -> None:
    skin = made(ada, logo=picture())
    link = factories.buy_link(factories.deal(factories.sales_pipeline(), owner=cast.olive), skin=skin)
    page = client.get(f"/buy/{link.token}").text
    look_over_in_public(page)
    assert "Our terms" in page
    assert f"/buy/skins/{skin.id}-1.css?of={skin_style.edition(skin)}" in page
    assert f"/buy/skins/{skin.id}-1/logo" in page
    ada.post(f"{HERE}/{skin.id}/archive")
    assert f"/buy/skins/{skin.id}-1.css" in client.get(f"/buy/{link.token}").text
    assert db.session.get_one(BuyLink, link.id).skin_id == skin.id


def test_the_list_counts_the_links_that_wear_it_by_themselves_or_by_their_pipeline(ada: Visitor, cast: Cast) -> None:
    skin, pipeline = made(ada), factories.sales_pipeline("Direct")
    with transaction():
        pipeline.skin_id = skin.id
    other = factories.sales_pipeline("Resale")
    factories.buy_link(factories.deal(pipeline, "One", owner=cast.olive))
    factories.buy_link(factories.deal(other, "Two", owner=cast.olive), skin=skin)
    factories.buy_link(factories.deal(other, "Three", owner=cast.olive))
    row = ada.soup(HERE).find("td", {"data-label": "Active links"})
    assert row is not None
    assert row.get_text() == "2"


def test_its_files_are_kept_for_a_year_by_their_version(ada: Visitor, client: FlaskClient) -> None:
    skin = made(ada, logo=picture())
    named = f"/buy/skins/{skin.id}-1.css?of={skin_style.edition(skin)}"
    style, logo = client.get(named), client.get(f"/buy/skins/{skin.id}-1/logo")
    assert "--page:#fffdf7" in style.text
    assert (logo.data, logo.mimetype) == (PNG, "image/png")
    for answer in (style, logo):
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    for outdated in (named.replace("-1.", "-7."), named[:-1]):
        assert client.get(outdated).headers["Cache-Control"] == "no-store"


def test_the_built_in_skin_needs_no_row_and_has_a_night(client: FlaskClient) -> None:
    style = client.get("/buy/skins/0-1.css").text
    assert f"--accent:{skins.built_in().accent}" in style
    assert "prefers-color-scheme:dark" in style
    assert client.get("/buy/skins/0-1/logo").status_code == 404
    assert client.get("/buy/skins/77-1.css").status_code == 404


def test_only_admins_come_here(cast: Cast, visit: Callable[[User], Visitor], client: FlaskClient, ada: Visitor) -> None:
    skin = made(ada)
    for address in (HERE, f"{HERE}/new", f"{HERE}/{skin.id}", f"{HERE}/style.css"):
        assert visit(cast.olive).get(address).status_code == 403
        assert client.get(address).status_code == 303
    for address in (HERE, f"{HERE}/{skin.id}", f"{HERE}/{skin.id}/archive", f"{HERE}/{skin.id}/restoration"):
        assert visit(cast.olive).post(address, **SKIN).status_code == 403
    assert ada.get(f"{HERE}/77").status_code == 404
