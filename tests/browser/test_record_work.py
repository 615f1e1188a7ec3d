"""What is done on a deal beside its facts: a mail written and taken back, a follower, the next step, the next deal."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pipeline import clock
from pipeline.domain import activities
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    pipeline = factories.sales_pipeline()
    factories.mail_template("Offer", "For {{ contact.first_name }}", "Dear {{ contact.first_name }}, here it is.")
    factories.deal(pipeline, "Earlier deal", owner=cast.olive)
    ana = factories.contact("Ana Lima", email="ana@lima.example")
    return factories.deal(pipeline, "Bakery books", owner=cast.olive, contact=ana)


def happened(page: Page, sentence: str):
    return page.get_by_role("region", name="Timeline").get_by_role("listitem").filter(has_text=sentence)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mail_is_written_from_a_template_read_over_sent_and_taken_back(browse, cast, deal, javascript):
    page = browse(cast.olive, javascript=javascript)
    page.goto(f"/opportunities/{deal.id}")
    composer = page.get_by_role("region", name="Add to the timeline")
    composer.locator("summary").filter(has_text="Mail").click()
    if not javascript:
        composer.get_by_role("link", name="Write to ana@lima.example").click()
    composer.get_by_label("Template").select_option(label="Offer")
    if not javascript:
        composer.get_by_role("button", name="Use").click()
    expect(composer.get_by_label("Subject")).to_have_value("For Ana")
    composer.get_by_label("To Ana Lima").fill("Dear {{ contact.name }}, see you.")
    composer.get_by_role("button", name="Preview").click()
    expect(composer.get_by_label("Preview")).to_contain_text("Dear Ana Lima, see you.")
    composer.get_by_role("button", name="Send mail").click()
    expect(happened(page, "wrote to ana@lima.example")).to_contain_text("Waits to leave")
    page.get_by_role("button", name="Cancel mail").click()
    expect(happened(page, "wrote to ana@lima.example")).to_contain_text("Cancelled")


def test_one_follows_and_plans_the_next_step_by_keyboard(browse, cast, deal):
    with transaction():
        activities.plan(deal, "Call Ana", by=cast.olive)
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    page.get_by_role("button", name="Follow", exact=True).press("Enter")
    expect(page.get_by_role("region", name="Followers")).to_contain_text("Olive Owner")

    page.get_by_role("button", name="Done: Call Ana").press("Enter")
    tasks = page.get_by_role("region", name="Tasks")
    expect(tasks.get_by_label("Task", exact=True)).to_be_focused()
    page.keyboard.type("Send the offer")
    expect(tasks.get_by_label(re.compile("Tomorrow"))).to_be_checked()
    tasks.get_by_label(re.compile("Tomorrow")).press("ArrowRight")
    expect(tasks.get_by_label(re.compile("In 3 days"))).to_be_checked()
    page.keyboard.press("Enter")
    expect(tasks.get_by_text("Send the offer")).to_be_visible()
    with transaction():
        [planned] = [task for task in activities_of(deal) if not task.is_done]
        assert planned.due_on == clock.today(cast.olive) + timedelta(days=3)


@pytest.mark.parametrize("phone", [False, True])
def test_a_logged_call_leads_on_to_the_next_step(browse, cast, deal, phone):
    page = browse(cast.olive, phone=phone)
    page.goto(f"/opportunities/{deal.id}")
    composer, tasks = page.get_by_role("region", name="Add to the timeline"), page.get_by_role("region", name="Tasks")
    composer.get_by_label("Note").fill("They like tier two")
    composer.get_by_role("button", name="Add note").click()
    expect(tasks.get_by_role("heading", name="What is next?")).to_be_visible()

    composer.locator("summary").filter(has_text="Call").click()
    composer.get_by_role("button", name="No answer").click()
    expect(tasks.get_by_label("Task", exact=True)).to_be_focused()
    page.keyboard.type("Ring again")
    page.keyboard.press("Enter")
    expect(tasks.get_by_text("Ring again")).to_be_visible()
    expect(tasks.get_by_role("heading", name="What is next?")).to_be_hidden()


def activities_of(deal):
    of_it = db.select(Activity).where(Activity.opportunity_id == deal.id).order_by(Activity.id)
    return list(db.session.scalars(of_it))


def test_the_list_is_worked_by_keys_in_the_panel(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/board/{deal.pipeline_id}")
    page.get_by_role("link", name="Bakery books").click()
    expect(page.get_by_role("complementary", name="Bakery books")).to_contain_text("1 of 2")
    page.keyboard.press(".")
    expect(page.get_by_role("complementary", name="Earlier deal")).to_contain_text("2 of 2")
    page.keyboard.press(",")
    expect(page.get_by_role("complementary", name="Bakery books")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("link", name="Bakery books", exact=True)).to_be_focused()


def test_without_javascript_the_list_is_worked_page_by_page(browse, cast, deal):
    page = browse(cast.olive, javascript=False)
    page.goto("/opportunities")
    page.get_by_role("link", name="Bakery books", exact=True).click()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Earlier deal")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile(r"/opportunities$"))
