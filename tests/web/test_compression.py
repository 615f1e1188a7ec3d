"""Answers travel small, in whichever way the browser understands, once, and say so."""

from collections.abc import Callable
from zlib import MAX_WBITS, decompress

import brotli
import pytest
from backports import zstd
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": lambda body: decompress(body, wbits=16 + MAX_WBITS),
}
BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture
def ask(cast: Cast, visit: Callable[[User], Visitor]) -> Callable[[str, str], TestResponse]:
    factories.many_deals(factories.sales_pipeline(), 30, owner=cast.olive)
    client = visit(cast.olive).client
    return lambda address, accepted: client.get(address, headers={"Accept-Encoding": accepted})


Ask = Callable[[str, str], TestResponse]


@pytest.mark.parametrize("way", UNPACK)
def test_a_page_is_packed_as_the_browser_likes_it(ask: Ask, way: str) -> None:
    answer = ask("/board", way)
    assert answer.headers["Content-Encoding"] == way
    page = UNPACK[way](answer.data)
    assert page.lstrip().startswith(b"<!doctype html>")
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(page) / 3


def test_a_browser_that_knows_them_all_gets_the_quickest(ask: Ask) -> None:
    assert ask("/board", BROWSER).headers["Content-Encoding"] == "zstd"


@pytest.mark.parametrize("accepted", ["", "identity"])
def test_who_wants_it_plain_gets_it_plain(ask: Ask, accepted: str) -> None:
    answer = ask("/board", accepted)
    assert "Content-Encoding" not in answer.headers
    assert "<!doctype html>" in answer.text


def test_a_packed_page_stays_private_and_varies(ask: Ask) -> None:
    headers = ask("/board", BROWSER).headers
    assert headers["Cache-Control"] == "no-store"
    assert {"Accept-Encoding", "HX-Request", "Cookie"} <= {each.strip() for each in headers["Vary"].split(",")}
    assert "ETag" not in headers


def test_a_plain_page_varies_as_well(ask: Ask) -> None:
    assert "Accept-Encoding" in ask("/board", "").headers["Vary"]


@pytest.mark.parametrize("way", ["br", "gzip"])
@pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg"])
def test_the_browsers_files_are_packed_once_and_kept(client: FlaskClient, name: str, way: str) -> None:
    stem, _, kind = name.partition(".")
    plain = client.get(f"/assets/{stem}.0.{kind}").data
    answer = client.get(f"/assets/{stem}.0.{kind}", headers={"Accept-Encoding": way})
    assert answer.headers["Content-Encoding"] == way
    assert UNPACK[way](answer.data) == plain
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_small_answers_stay_as_they_are(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": BROWSER}).headers
