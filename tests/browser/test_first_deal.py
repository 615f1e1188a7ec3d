"""From the one-time link to the first deal won; and what follows from a move, done by the workers."""

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from pipeline.domain import automations, installation, mail_templates
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.domain.automations import Trigger
from pipeline.models.automation import ActionKind
from pipeline.models.pipeline import Stage
from pipeline.transaction import transaction
from pipeline.web import links
from tests import factories
from tests.browser.waiting import until
from tests.cast import Cast

Browse = Callable[..., Page]


def test_from_the_first_run_to_the_first_won_deal(app: Flask, browse: Browse, address: str) -> None:
    path = links.first_run_link().partition("/first-run")[2]
    ada = browse(None)
    ada.goto(f"/first-run{path}")
    ada.get_by_label("Company").fill("Harbor Books")
    ada.get_by_label("Your name").fill("Ada Admin")
    ada.get_by_label("Email").fill("ada@example.com")
    ada.get_by_label("Password").fill("a long password")
    ada.get_by_role("button", name="Begin").click()

    ada.get_by_role("link", name="New", exact=True).click()
    ada.get_by_label("Contact").fill("Ana Lima")
    ada.get_by_label("Title").fill("Books for Ana")
    ada.get_by_label("Value").fill("1,200")
    ada.get_by_role("button", name="Create opportunity").click()

    ada.get_by_role("link", name="Board").click()
    card = ada.get_by_role("region", name="New Opportunity").get_by_role("article", name="Books for Ana")
    expect(card).to_contain_text("$1,200")
    card.get_by_role("button", name="Move to…").click()
    ada.get_by_role("dialog").get_by_role("button", name="Won", exact=True).click()
    expect(card).to_be_hidden()
    ada.goto("/board?status=won")
    expect(ada.get_by_role("region", name="Won").get_by_role("article", name="Books for Ana")).to_be_visible()


def test_who_owns_no_deals_makes_one_for_a_colleague_and_is_told_so(browse: Browse, cast: Cast) -> None:
    factories.sales_pipeline()
    guy = browse(cast.guy)
    guy.goto("/opportunities/new")
    guy.get_by_label("Contact").fill("Zed Tester")
    guy.get_by_role("button", name="Create opportunity").click()
    expect(guy.get_by_label("Owner")).to_have_accessible_description(re.compile("choose an owner"))
    guy.get_by_label("Owner").select_option("Olive Owner")
    guy.get_by_role("button", name="Create opportunity").click()
    expect(guy.locator("#toasts")).to_contain_text("It is Olive Owner's now, and not yours to see any more.")
    expect(guy).to_have_url(re.compile("/board$"))


def test_a_move_brings_a_mail_and_a_task(browse: Browse, cast: Cast) -> None:
    pipeline = factories.sales_pipeline()
    contact = factories.contact("Ana Lima", email="ana@example.com")
    deal = factories.deal(pipeline, "Books for Ana", owner=cast.olive, contact=contact)
    promise_mail_and_task(factories.stage_named(pipeline, "Contacting"))

    olive = browse(cast.olive)
    olive.goto("/board")
    card = olive.get_by_role("article", name="Books for Ana")
    card.get_by_role("button", name="Move to…").click()
    olive.get_by_role("dialog").get_by_role("button", name="Contacting", exact=True).click()
    expect(olive.get_by_role("region", name="Contacting").get_by_role("article", name="Books for Ana")).to_be_visible()

    ada = browse(cast.ada)
    until(ada, "/mailbox", "Welcome, Ana")
    until(olive, f"/opportunities/{deal.id}", "Call Ana Lima")
    expect(olive.get_by_role("main")).to_contain_text("ana@example.com")


def promise_mail_and_task(stage: Stage) -> None:
    """In a house where nothing waits to be undone."""
    with transaction():
        installation.change("", currency="USD", undo_seconds=0, by=None)
        template = mail_templates.create(
            "Welcome", subject="Welcome, {{ contact.first_name }}", body="Hello {{ contact.first_name }}!", by=None
        )
        automation = automations.create(stage.pipeline, "First contact", Trigger(target=stage), by=None)
        mail = SendMailSettings(template_id=template.id)
        automations.add_action(automation, ActionKind.SEND_MAIL, mail, by=None)
        task = CreateTaskSettings(title="Call {{ contact.name }}")
        automations.add_action(automation, ActionKind.CREATE_TASK, task, by=None)
        automations.switch_on(automation, by=None)
