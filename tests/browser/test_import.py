"""Bringing a file in: upload, try, mend, import, and find the deals on the list."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.cast import Cast

Browse = Callable[..., Page]
DEALS = (
    "Deal Name;Account;Amount;Close Date;Stage\n"
    "Roof;Acme;1.000,50;24.12.2026;Qualified\n"
    '"Two\nlines";Betacorp;20,00;1.3.2026;Won\n'
    "Door;Acme;much;24.12.2026;Qualified\n"
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_file_is_tried_then_imported_and_its_rejects_are_mended(
    browse: Browse, cast: Cast, tmp_path: Path, javascript: bool
) -> None:
    factories.sales_pipeline()
    page = browse(cast.ada, javascript=javascript)
    file = tmp_path / "deals.csv"
    file.write_text(DEALS, encoding="utf-16")

    page.goto("/settings/imports")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="What is in deals.csv")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_value("value")

    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="Dry run of deals.csv")).to_be_visible()
    expect(page.get_by_text("“much” is not an amount of money")).to_be_visible()

    page.get_by_role("button", name="Import for good").click()
    expect(page.get_by_role("heading", name="Import of deals.csv")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Rejected rows as CSV").click()
    mended = tmp_path / "mended.csv"
    mended.write_text(Path(download.value.path()).read_text(encoding="utf-8-sig").replace(",much,", ",7,"))

    page.goto("/settings/imports")
    page.get_by_label("CSV file").set_input_files(mended)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Import of mended.csv")).to_be_visible()

    page.get_by_role("link", name="See the opportunities").click()
    expect(page.get_by_role("link", name="Roof", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Door", exact=True)).to_be_visible()
