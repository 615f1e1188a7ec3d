"""What every answer carries, whichever it is."""

from collections.abc import Callable

from flask.testing import FlaskClient

from pipeline.models.user import User
from tests.cast import Cast
from tests.support.visiting import Visitor


def test_no_answer_allows_code_or_style_of_its_own(client: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/healthz"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_private_pages_stay_in_no_cache(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    headers = visit(cast.olive).get("/settings/profile").headers
    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
