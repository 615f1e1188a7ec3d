"""What a prospect sees on the way to the provider and back, in both themes and on the narrowest phone."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from pipeline.gateways.sandbox_till import Choice
from tests.browser.test_every_page import look_at, watched
from tests.cast import Cast
from tests.support import buying
from tests.support.prospect import Prospect

pytestmark = pytest.mark.once


def test_the_pages_of_paying_can_be_read_and_used(app: Flask, cast: Cast, browse: Callable[..., Page]) -> None:
    page = watched(browse, None)
    late, slow, refused = (Prospect(app, buying.offer(owner=cast.olive)) for _ in range(3))
    till = refused.arrive()
    addresses = [
        till,
        late.choose(late.arrive(), Choice.LATE),
        slow.choose(slow.arrive(), Choice.DELAY),
        refused.choose(till, Choice.FAIL),
    ]
    findings = [finding for address in addresses for finding in look_at(page, address)]
    assert not findings, "\n".join(findings)
