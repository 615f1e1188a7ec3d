"""Waiting for what the workers do, as a person does: by looking again."""

from playwright.sync_api import Page, expect


def until(page: Page, url: str, text: str) -> None:
    """Look at a page again and again until it says so: the workers are other processes, and quick."""
    for _ in range(60):
        page.goto(url)
        if page.get_by_role("main").get_by_text(text).count():
            return
        page.wait_for_timeout(250)
    expect(page.get_by_role("main")).to_contain_text(text)
