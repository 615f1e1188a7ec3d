"""The browser's files: named by what is in them, and kept for a year."""

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("kind", ["css", "js"])
def test_a_page_names_them_by_their_content_and_they_are_kept(client: FlaskClient, kind: str) -> None:
    address = re.search(rf'"(/assets/app\.[0-9a-f]{{12}}\.{kind})"', client.get("/sign-in").text)
    assert address
    answer = client.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_a_name_from_before_an_update_is_answered_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/app.000000000000.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_nothing_else_lies_there(client: FlaskClient) -> None:
    assert client.get("/assets/../settings.py").status_code == 404
    assert client.get("/assets/other.css").status_code == 404


def test_every_icon_that_a_page_draws_exists(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    sheet = re.search(r'href="(/assets/icons[^#"]+)#', page)
    assert sheet
    symbols = client.get(sheet[1]).text
    for name in re.findall(r'icons[^#"]+#([a-z-]+)"', page):
        assert f'id="{name}"' in symbols
