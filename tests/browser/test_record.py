"""A deal's page in a browser: a rep's whole round on it, with JavaScript and without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pipeline import clock
from pipeline.domain import activities, opportunities
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    with transaction():
        cast.olive.may_delete = True
    pipeline = factories.sales_pipeline()
    deal = factories.deal(pipeline, "Bakery books", owner=cast.olive, typed_value=120000)
    factories.required_item(deal.stage, "Met in person")
    with transaction():
        activities.plan(deal, "Call Ana", by=cast.olive, due_on=clock.today() - timedelta(days=1))
    return deal


def happened(page: Page, sentence: str):
    return page.get_by_role("region", name="Timeline").get_by_role("listitem").filter(has_text=sentence)


def test_a_reps_round_on_a_deal(browse, cast, deal):
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_role("link", name="Bakery books").click()
    expect(page.get_by_role("heading", level=2, name="Bakery books")).to_be_visible()

    page.get_by_label("Note", exact=True).fill("She likes tier two.")
    page.get_by_role("button", name="Add note").click()
    expect(happened(page, "She likes tier two.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")

    composer = page.get_by_role("region", name="Add to the timeline")
    composer.locator("summary").filter(has_text="Call").click()
    page.get_by_label("What was said").fill("Rang for long")
    page.get_by_role("button", name="No answer").click()
    expect(happened(page, "called: No answer")).to_contain_text("Rang for long")

    page.get_by_role("button", name="Done: Call Ana").click()
    tasks = page.get_by_role("region", name="Tasks")
    expect(tasks.get_by_role("heading", name="Done. What is next?")).to_be_visible()
    expect(tasks.get_by_label("Task", exact=True)).to_be_focused()
    page.keyboard.type("Send the offer")
    tasks.get_by_label("Due").fill("2099-01-31")
    tasks.get_by_role("button", name="Plan next task").click()
    expect(tasks.get_by_text("Send the offer")).to_be_visible()

    page.get_by_role("link", name="Edit value").click()
    page.get_by_label("High projection").fill("1.500,50")
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner").or_(page.locator(".record-value")).last).to_have_text("$1,500.50")

    page.get_by_role("checkbox", name="Met in person").click()
    expect(page.get_by_role("checkbox", name="Met in person")).to_be_checked()

    page.get_by_label("Tag", exact=True).fill("bakery")
    page.keyboard.press("Enter")
    expect(happened(page, "added the tag bakery")).to_be_visible()
    page.get_by_role("button", name="Remove tag bakery").click()
    expect(page.get_by_text("No tags.")).to_be_visible()


def test_handing_over_deleting_and_restoring(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    page.get_by_role("link", name="Edit owner").click()
    page.get_by_label("Owner", exact=True).select_option(label="Tom Team")
    page.get_by_role("button", name="Save").click()
    expect(happened(page, "handed it over from Olive Owner to Tom Team")).to_be_visible()

    page.get_by_label("More for Bakery books").click()
    page.get_by_role("link", name="Delete…").click()
    dialog = page.get_by_role("dialog", name="Delete Bakery books?")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1, name="Deleted opportunities")).to_be_visible()
    page.get_by_role("button", name="Restore Bakery books").click()
    expect(page.get_by_role("heading", level=1, name="Bakery books")).to_be_visible()
    expect(happened(page, "restored it")).to_be_visible()


def test_moving_along_the_stages_asks_for_what_is_missing(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    page.get_by_role("button", name="Move to Contacting").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Met in person").check()
    dialog.get_by_role("button", name="Move to Contacting").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Contacting")
    expect(happened(page, "moved it from New Opportunity to Contacting")).to_be_visible()


def test_two_people_change_the_same_value_and_the_second_decides(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    page.get_by_role("link", name="Edit value").click()
    page.get_by_label("Value", exact=True).fill("99")
    with transaction():
        opportunities.change(db.session.get_one(Opportunity, deal.id), by=cast.ada, typed_value=500000)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Ada Admin changed value meanwhile")
    expect(page.get_by_role("alert")).to_contain_text("$5,000")
    page.get_by_role("button", name="Apply mine").click()
    expect(page.locator(".record-value")).to_have_text("$99")


def test_older_entries_are_added_below(browse, cast, deal):
    for number in range(40):
        with transaction():
            opportunities.change(deal, by=cast.olive, title=f"Bakery books {number}")
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    expect(happened(page, "opened it in")).to_have_count(0)
    page.get_by_role("link", name="Show older").click()
    expect(happened(page, "opened it in")).to_be_visible()
    expect(page.get_by_role("link", name="Show older")).to_have_count(0)


def test_the_same_round_without_javascript(browse, cast, deal):
    page = browse(cast.olive, javascript=False)
    page.goto(f"/opportunities/{deal.id}")
    page.get_by_label("Note", exact=True).fill("She likes tier two.")
    page.get_by_role("button", name="Add note").click()
    expect(happened(page, "She likes tier two.")).to_be_visible()

    page.locator("summary").filter(has_text="Call").first.click()
    page.get_by_role("button", name="No answer").click()
    expect(happened(page, "called: No answer")).to_be_visible()

    page.get_by_role("button", name="Done: Call Ana").click()
    expect(happened(page, "completed Call Ana")).to_be_visible()
    expect(page.get_by_role("heading", name="Done. What is next?")).to_be_visible()

    page.get_by_role("link", name="Edit value").click()
    page.get_by_label("Value", exact=True).fill("1,500")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".record-value")).to_have_text("$1,500")

    page.get_by_role("checkbox", name="Met in person").click()
    expect(happened(page, "ticked Met in person")).to_be_visible()
    page.get_by_label("Tag", exact=True).fill("bakery")
    page.get_by_role("button", name="Add tag").click()
    expect(page.get_by_role("button", name="Remove tag bakery")).to_be_visible()

    page.locator("summary[aria-label='More for Bakery books']").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Restore Bakery books").click()
    expect(page).to_have_url(re.compile(rf"/opportunities/{deal.id}$"))


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_sticks_out_of_the_page(browse, cast, deal, phone):
    with transaction():
        opportunities.change(deal, by=cast.olive, title="Long" * 50, next_action="word " * 40)
    page = browse(cast.olive, phone=phone)
    for url in (f"/opportunities/{deal.id}", "/today"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
