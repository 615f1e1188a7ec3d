"""What a browser has sent to be changed, until it is answered.

A change that arrives when its test is over would meet the rows of the next one, which on SQLite have the same numbers.
"""

from contextlib import suppress

from playwright.sync_api import BrowserContext, Request
from playwright.sync_api import TimeoutError as PlaywrightTimeout

HELD_BACK = 10_000


class SentChanges:
    """Listens to a browser from its first page on."""

    def __init__(self, browser: BrowserContext) -> None:
        self.browser = browser
        self.unanswered: set[Request] = set()
        browser.on("request", self._note)
        browser.on("requestfinished", self._forget)
        browser.on("requestfailed", self._forget)

    def settle(self) -> None:
        """Wait until all are answered, but those that a test holds back for good."""
        for page in self.browser.pages:
            page.evaluate("0")  # whatever it has sent before it says this is known
        for change in [*self.unanswered]:
            with suppress(PlaywrightTimeout):
                self.browser.wait_for_event("requestfinished", lambda one, it=change: one == it, timeout=HELD_BACK)

    def _note(self, request: Request) -> None:
        if request.method == "POST":
            self.unanswered.add(request)

    def _forget(self, request: Request) -> None:
        self.unanswered.discard(request)
