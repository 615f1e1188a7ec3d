"""What holds on every page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast

pytestmark = pytest.mark.once


def test_a_stranger_is_asked_to_sign_in_and_then_finds_the_page_wanted(browse: Callable[..., Page], cast: Cast) -> None:
    stranger = browse(None)
    stranger.goto("/today")
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Sign in")


def test_who_is_signed_in_sees_the_frame(browse: Callable[..., Page], cast: Cast) -> None:
    olive = browse(cast.olive)
    olive.goto("/")
    expect(olive.get_by_role("navigation").first).to_be_visible()
