"""A move that was a slip of the hand: taken back before anything of it left the house."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from pipeline import clock
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.automation import ActionKind, Step, StepState
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.browser.boards import card, column, drag, pick_up
from tests.cast import Cast

Browse = Callable[..., Page]
TRIES = 40


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture(autouse=True)
def _midday(cast: Cast) -> None:
    """Olive lives where it is midday, so that what leaves in a moment leaves today."""
    with transaction():
        cast.olive.time_zone = f"Etc/GMT{clock.now().hour - 12:+d}"  # whose sign is turned around, says POSIX


@pytest.fixture
def acme(pipeline: Pipeline, cast: Cast) -> Opportunity:
    ana = factories.contact("Ana Silva", email="ana@example.com")
    factories.deal(pipeline, "Below", owner=cast.olive)
    return factories.deal(pipeline, "Acme", owner=cast.olive, contact=ana)


@pytest.fixture(autouse=True)
def proposal(pipeline: Pipeline) -> None:
    """What goes to Engaging gets a mail, and its owner a task."""
    template = factories.mail_template("Proposal follow-up")
    factories.automation(
        pipeline,
        (ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id)),
        (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call Ana")),
        target="Engaging",
    )


def settled(state: StepState) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Step.id).where(Step.state == state)).all())


@pytest.mark.parametrize("by", ["key", "button"])
def test_a_drag_is_taken_back_and_its_mail_never_leaves(browse: Browse, cast: Cast, acme: Opportunity, by: str) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    drag(olive, "Acme", "Engaging")
    toast = olive.locator("toast-note", has_text="Moved Acme to Engaging.")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    expect(card(column(olive, "Engaging"))).to_be_visible()
    if by == "key":
        olive.keyboard.press("u")
    else:
        toast.get_by_role("button", name="Undo").click()
    expect(olive.locator("#live")).to_have_text("Acme is back in New Opportunity.")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(column(olive, "Engaging"))).to_have_count(0)
    expect(column(olive, "New Opportunity").get_by_role("article").first).to_have_accessible_name("Acme")
    expect(toast).to_have_count(0)
    olive.goto(f"/opportunities/{acme.id}")
    expect(olive.get_by_text("took the move to Engaging back")).to_be_visible()
    assert db.session.scalars(select(Mail)).all() == []
    assert db.session.scalars(select(Activity).where(Activity.deleted_at.is_(None))).all() == []


def test_without_javascript_the_way_back_is_a_plain_button(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive, javascript=False)
    olive.goto("/board")
    card(olive).get_by_role("button", name="Move to…").click()
    olive.get_by_role("button", name="Engaging", exact=True).click()
    expect(card(column(olive, "Engaging"))).to_be_visible()
    olive.get_by_role("button", name="Undo").click()
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_a_look_first_says_what_will_happen_and_a_tick_leaves_it_out(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    card(olive).get_by_role("button", name="Move to…").click()
    olive.get_by_role("dialog").get_by_role("link", name="Look first: Engaging").click()
    dialog = olive.get_by_role("dialog", name="Move Acme to Engaging")
    expect(dialog).to_contain_text("Sends “Proposal follow-up” to Ana Silva today")
    dialog.get_by_label("Skip this once: Sends “Proposal follow-up”").check()
    dialog.get_by_role("button", name="Move to Engaging").click()
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(olive.get_by_role("dialog")).to_have_count(0)
    receipt = olive.get_by_text("skipped by Olive Owner this once")
    for _ in range(TRIES):
        if settled(StepState.SKIPPED):
            break
        olive.reload()
    olive.goto(f"/opportunities/{acme.id}")
    expect(receipt).to_be_visible()
    assert db.session.scalars(select(Mail)).all() == []


def test_while_a_card_is_dragged_a_line_under_it_says_what_would_follow(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    line = olive.locator(".drag-lines p")
    with olive.expect_response("**/moves/foreseen"):
        pick_up(olive, "Acme")
    column(olive, "Qualified").hover(position={"x": 100, "y": 200})
    expect(line).to_be_hidden()
    column(olive, "Engaging").hover(position={"x": 100, "y": 200})
    column(olive, "Engaging").hover(position={"x": 110, "y": 210})
    expect(line).to_be_visible()
    expect(line).to_contain_text("Sends “Proposal follow-up” to Ana Silva today")
    olive.mouse.up()
    expect(line).to_be_hidden()
    expect(card(column(olive, "Engaging"))).to_be_visible()


def test_a_dialog_opened_while_a_drag_is_on_its_way_stays_open(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    answers: list[Route] = []

    def hold(route: Route) -> None:
        answers.append(route)

    olive.route("**/moves", hold)
    drag(olive, "Acme", "Engaging")
    card(olive, "Below").get_by_role("button", name="Move to…").click()
    dialog = olive.get_by_role("dialog", name="Move Below")
    expect(dialog).to_be_visible()
    answers[0].continue_()
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(olive.locator("toast-note", has_text="Moved Acme to Engaging.")).to_be_attached()
    expect(dialog).to_be_visible()
