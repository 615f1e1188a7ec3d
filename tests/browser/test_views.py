"""A view made by one is opened by another, and cells are changed where they stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.domain import tags
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

Browse = Callable[..., Page]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    with transaction():
        vip = tags.named("VIP")
    factories.deal(pipeline, "Big", owner=cast.olive, typed_value=2_000_000)
    factories.deal(pipeline, "Small", owner=cast.olive, typed_value=500)
    factories.deal(pipeline, "Tagged", owner=cast.olive, tags=[vip])
    factories.deal(pipeline, "Tagged elsewhere", owner=cast.stan, tags=[vip])
    return pipeline


def test_conditions_are_joined_saved_shared_and_opened_by_another(
    browse: Browse, pipeline: Pipeline, cast: Cast
) -> None:
    page = browse(cast.ada)
    page.goto("/opportunities?sort=title")
    page.get_by_role("link", name="And / or").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Olive Owner").check()
    expect(form.get_by_role("status")).to_have_text("Owner is Olive Owner.")
    form.get_by_role("button", name="And…").click()
    second = form.get_by_role("group", name="Condition 2 of group 1")
    expect(second.get_by_label("Field")).to_be_focused()
    second.get_by_label("Field").select_option("Value")
    form.get_by_role("button", name="Show these").click()
    expect(second.get_by_role("spinbutton", name="Value", description="Fill this in.")).to_be_focused()
    second.get_by_role("spinbutton", name="Value").fill("10000")
    form.get_by_role("button", name="Or…").click()
    either = form.get_by_role("group", name="Condition 1 of group 2")
    expect(either.get_by_label("Field")).to_be_focused()
    either.get_by_label("Field").select_option("Tag")
    either.get_by_label("VIP").check()
    expect(form.get_by_role("status")).to_have_text("Owner is Olive Owner and value is at least 10,000, or tagged VIP.")
    form.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("rowheader")).to_have_count(3)

    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name", exact=True).fill("Worth a look")
    page.get_by_label("Share it with everyone").check()
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Worth a look shared")).to_have_attribute("aria-current", "true")

    other = browse(cast.olive)
    other.goto("/opportunities")
    other.get_by_role("link", name="Worth a look shared").click()
    expect(other.get_by_role("rowheader")).to_have_count(2)
    expect(other.get_by_role("rowheader").nth(0)).to_contain_text("Big")
    other.get_by_role("link", name="Remove filter or tagged VIP").click()
    expect(other.get_by_text("Unsaved changes")).to_be_visible()
    expect(other.get_by_role("button", name="Update Worth a look")).to_have_count(0)


def test_a_cell_is_changed_by_keyboard_and_left_by_escape(browse: Browse, pipeline: Pipeline, cast: Cast) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities?q=small")
    cell = page.get_by_role("row", name="Small").get_by_role("link", name="$5 edit")
    cell.focus()
    page.keyboard.press("Enter")
    amount = page.get_by_role("form", name="Value of Small").get_by_label("Value", exact=True)
    expect(amount).to_be_focused()
    amount.fill("7")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    amount.fill("1200")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="$1,200 edit")).to_be_focused()
    expect(page.get_by_role("list", name="Totals of all that is listed")).to_contain_text("$1,200")


def test_the_place_in_the_list_is_kept_when_a_move_is_undone_and_when_a_row_leaves(
    browse: Browse, pipeline: Pipeline, cast: Cast
) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities?sort=title")
    page.get_by_role("row", name="Small").get_by_role("link", name="New Opportunity edit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Stage of Small").get_by_label("Stage")).to_be_focused()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    moved = page.get_by_role("row", name="Small").get_by_role("link", name="Contacting edit")
    expect(moved).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("row", name="Small").get_by_role("link", name="New Opportunity edit")).to_be_focused()

    page.get_by_role("row", name="Small").get_by_role("link", name="Olive Owner edit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Owner of Small").get_by_label("Owner")).to_be_focused()
    page.keyboard.type("Stan")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Small")).to_have_count(0)
    expect(page.get_by_role("row", name="Tagged").get_by_role("link", name="Olive Owner edit")).to_be_focused()


BOXES = """() => [...document.querySelectorAll('.deals :is(thead th, tbody tr)')]
    .map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"""


@pytest.mark.once
def test_the_form_of_a_cell_leaves_the_table_its_shape_and_a_phone_the_title(
    browse: Browse, pipeline: Pipeline, cast: Cast
) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities")
    shape = page.evaluate(BOXES)
    row = page.get_by_role("row", name="Small")
    for cell, form in (("$5 edit", "Value"), ("New Opportunity edit", "Stage"), ("None planned edit", "Next action")):
        row.get_by_role("link", name=cell).click()
        open_form = page.get_by_role("form", name=f"{form} of Small")
        expect(open_form.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
        assert page.evaluate(BOXES) == shape, form
        open_form.get_by_role("link", name="Cancel").click()
        expect(open_form).to_have_count(0)

    phone = browse(cast.olive, phone=True)
    phone.set_viewport_size({"width": 320, "height": 700})
    phone.goto("/opportunities?q=small")
    title = phone.get_by_role("rowheader").get_by_role("link", name="Small", exact=True)
    before = title.bounding_box()
    phone.get_by_role("link", name="$5 edit").click()
    amount = phone.get_by_role("textbox", name="Value", exact=True)
    expect(amount).to_be_focused()
    after, typed = title.bounding_box(), amount.bounding_box()
    assert before
    assert after
    assert typed
    assert (after["width"], typed["width"] > 200) == (before["width"], True)


def test_a_stage_that_asks_for_a_reason_asks_from_the_cell_too(browse: Browse, pipeline: Pipeline, cast: Cast) -> None:
    factories.loss_reasons(pipeline, "Price")
    page = browse(cast.olive)
    page.goto("/opportunities?q=small")
    row = page.get_by_role("row", name="Small")
    row.get_by_role("link", name="New Opportunity edit").click()
    form = page.get_by_role("form", name="Stage of Small")
    form.get_by_label("Stage").select_option("Lost")
    form.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option("Price")
    dialog.get_by_role("button", name="Move to Lost").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("row", name="Small")).to_contain_text("Lost")


def test_columns_are_put_in_order_by_hand(browse: Browse, pipeline: Pipeline, cast: Cast) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_role("link", name="Columns").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Company").uncheck()
    up = dialog.get_by_role("button", name="Move Stage up")
    up.focus()
    for place in (2, 1):
        expect(up).to_be_focused()
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("listitem").nth(place)).to_contain_text("Stage")
    dialog.get_by_role("button", name="Show these columns").last.click()
    expect(page.get_by_role("columnheader").nth(1)).to_have_text("Stage")
    expect(page.get_by_role("columnheader", name="Company")).to_have_count(0)


def test_a_press_while_the_conditions_are_drawn_again_counts(browse: Browse, pipeline: Pipeline, cast: Cast) -> None:
    page = browse(cast.ada)
    page.goto("/opportunities")
    page.get_by_role("link", name="And / or").click()
    form = page.get_by_role("dialog")
    page.route("**/conditions?*", lambda route: None, times=1)
    with page.expect_request("**/conditions?*"):
        form.get_by_label("Field").select_option("Value")
    form.get_by_role("button", name="Show these").click()
    expect(form.get_by_role("spinbutton", name="Value", description="Fill this in.")).to_be_focused()
