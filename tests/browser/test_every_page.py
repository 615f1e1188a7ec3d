"""Every page there is, found by its address, in both themes and on the narrowest phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, url_for
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import select
from werkzeug.routing import Rule

from pipeline import demo
from pipeline.domain.bulk import runs
from pipeline.domain.bulk.moving import MoveArguments
from pipeline.extensions import db
from pipeline.models.activity import Activity, Note
from pipeline.models.automation import Action
from pipeline.models.bulk_run import BulkRun, BulkVerb
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.contact import Contact
from pipeline.models.line import OpportunityLine
from pipeline.models.mail import Mail, MailTemplate
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order
from pipeline.models.payment import Payment, Provider
from pipeline.models.pipeline import Stage
from pipeline.models.product import Bundle, Product
from pipeline.models.saved_view import SavedView
from pipeline.models.skin import Skin
from pipeline.models.user import Group, User
from pipeline.transaction import transaction
from pipeline.web import links
from tests.cast import hire

pytestmark = [pytest.mark.once, pytest.mark.long]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
GRAVE = """async options => (await axe.run(document, options)).violations
    .filter(each => ["serious", "critical"].includes(each.impact))
    .map(each => `${each.id} (${each.help}): ` + each.nodes.slice(0, 4)
        .map(node => node.target.join(" ") + (each.id == "color-contrast" ? ` [${node.any[0].message}]` : ""))
        .join(" | "))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
    `is ${document.documentElement.scrollWidth} px wide where there are ${innerWidth}: ` +
    [...document.querySelectorAll("main *, header *, nav *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).slice(0, 4)
    .map(each => [each.tagName.toLowerCase(), ...each.classList].join(".")).join(" | ")]"""
REMEMBERING = """(() => {
    const define = customElements.define
    customElements.define = function (...names) {
        window.lyingAtFirst ??= lying()
        return define.apply(this, names)
    }
    window.lying = () => {
        const scrolled = scrollY
        scrollTo(0, 0)
        const all = [...document.querySelectorAll("main *, header *, nav *")]
        const boxes = all.map(each => [each, each.getBoundingClientRect()])
        scrollTo(0, scrolled)
        const seen = boxes.filter(([each, box]) => box.width && box.height)
        return new Map(seen.map(([each, { x, y, width }]) => [each, [x, y, width].map(Math.round).join()]))
    }
})()"""
JUMPED = """() => {
    const now = lying()
    const before = [...(window.lyingAtFirst ?? [])]
    return before.filter(([each, place]) => each.isConnected && now.get(each) !== place).slice(0, 4)
        .map(([each, place]) => [each.tagName.toLowerCase(), ...each.classList].join(".")
            + ` jumps when the scripts come, from ${place} to ${now.get(each) ?? "nowhere"} (left, top, width)`)
}"""
ALL_BUT_COLOUR = {"resultTypes": ["violations"]}
COLOUR = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def test_every_page_can_be_read_and_used_by_who_administers(app: Flask, browse: Callable[..., Page]) -> None:
    findings = look_at_all(app, browse, "ada@example.com")
    assert not findings, "\n".join(findings)


def test_every_page_can_be_read_and_used_by_who_sells(app: Flask, browse: Callable[..., Page]) -> None:
    findings = look_at_all(app, browse, "olive@example.com")
    assert not findings, "\n".join(findings)


def test_every_page_for_strangers_can_be_read_and_used(app: Flask, browse: Callable[..., Page]) -> None:
    page = watched(browse, None)
    findings = look_at(page, urlsplit(links.first_run_link()).path)
    invitation = urlsplit(links.password_link(hire().olive, links.INVITATION)).path
    for address in (invitation, "/sign-in", "/password-resets/new", "/passwords/spent/spent", "/not-there"):
        findings += look_at(page, address)
    assert not findings, "\n".join(findings)


def look_at_all(app: Flask, browse: Callable[..., Page], email: str) -> list[str]:
    with transaction():
        demo.fill()
    person = db.session.scalars(select(User).where(User.email == email)).one()
    change_many(person)
    addresses = places(app)
    page = watched(browse, person)
    seen = [address for address in addresses if is_a_page(page, address)]
    assert len(seen) > 15, f"too few pages were found: {seen}"
    return [finding for address in seen for finding in look_at(page, address)]


def watched(browse: Callable[..., Page], person: User | None) -> Page:
    """A page that can be looked at: it remembers where everything lay before the scripts came."""
    page = browse(person, bypass_csp=True)
    page.add_init_script(REMEMBERING)
    return page


def change_many(person: User) -> None:
    """Moves some deals, of which some are refused, so that there is something to look at."""
    stage = db.session.scalars(select(Stage).where(Stage.name == "Closing")).one()
    mine = select(Opportunity.id).where(Opportunity.owner_id == person.id, Opportunity.status == Status.OPEN).limit(5)
    count = len(db.session.scalars(mine).all()) or 1
    everyone = mine if count > 1 else select(Opportunity.id).limit(1)
    with transaction():
        arguments = MoveArguments(stage_id=stage.id)
        run = runs.start(BulkVerb.MOVE, arguments, everyone, by=person, expected=count, with_automation=False)
        runs.go_on(run.id)


def look_at(page: Page, address: str) -> list[str]:
    """What is wrong with a watched page, as it comes up, in the light, in the dark, and where there is no room."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(DESKTOP)
    page.goto(address, wait_until="load")
    findings = page.evaluate(JUMPED)
    page.add_script_tag(content=AXE.read_text())
    findings += page.evaluate(GRAVE, ALL_BUT_COLOUR)
    page.emulate_media(color_scheme="dark")
    findings += [f"in the dark: {finding}" for finding in page.evaluate(GRAVE, COLOUR)]
    page.set_viewport_size(NARROWEST)
    return [f"{address}: {finding}" for finding in findings + page.evaluate(TOO_WIDE)]


def is_a_page(page: Page, address: str) -> bool:
    """Not a part of one, nor a file, nor the way to another, nor somewhere this person may not go."""
    answer = page.request.get(address, max_redirects=0)
    return answer.status == 200 and answer.text().lstrip().lower().startswith("<!doctype html")


def places(app: Flask) -> list[str]:
    """The address of everything that can be read, about something that is there."""
    known = {name: value for name, value in examples().items() if value is not None}
    rules = [rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods]
    with app.test_request_context():
        found = {url_for(rule.endpoint, **within(rule, known)) for rule in rules if rule.arguments <= set(known)}
        return sorted(found | {look_first(int(known["opportunity_id"]))})


def look_first(opportunity_id: int) -> str:
    """What a move of the one that is shown would lead to."""
    shown = db.session.get_one(Opportunity, opportunity_id)
    elsewhere = next(stage for stage in shown.pipeline.stages if stage.id != shown.stage_id)
    return url_for("moves.new", opportunity_id=opportunity_id, stage_id=elsewhere.id)


def within(rule: Rule, known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in rule.arguments}


def examples() -> dict[str, int | str | None]:
    """One of each thing; what belongs to another belongs to the one that is shown."""
    action = db.session.scalars(select(Action).limit(1)).one()
    stage = db.session.scalars(select(Stage).limit(1)).one()
    offer = db.session.scalars(
        select(BuyLink)
        .join(Note, Note.opportunity_id == BuyLink.opportunity_id)
        .join(User, User.id == BuyLink.created_by_id)
        .where(BuyLink.state == LinkState.ACTIVE, User.email == "olive@example.com")
        .limit(1)
    ).one()
    note = db.session.scalars(select(Note).where(Note.opportunity_id == offer.opportunity_id).limit(1)).one()
    paid = db.session.execute(
        select(Order.number, Order.token, Payment.id)
        .join(Payment, Payment.order_id == Order.id)
        .join(Opportunity, Opportunity.id == Order.opportunity_id)
        .join(User, User.id == Opportunity.owner_id)
        .where(User.email == "olive@example.com", Payment.provider == Provider.OFFLINE)
        .limit(1)
    ).one()
    lines = select(OpportunityLine.id).where(OpportunityLine.opportunity_id == offer.opportunity_id)
    return {
        "action_id": action.id,
        "automation_id": action.automation_id,
        "stage_id": stage.id,
        "pipeline_id": stage.pipeline_id,
        "note_id": note.id,
        "opportunity_id": note.opportunity_id,
        "line_id": db.session.scalar(lines.limit(1)),
        "column": "value",
        "group": "title",
        "results": "people",
        "link_id": offer.id,
        "number": paid.number,
        "order_token": paid.token,
        "payment_id": paid.id,
        **{
            f"{name}_id": db.session.scalar(select(kind.id).limit(1))
            for name, kind in (
                ("activity", Activity),
                ("bundle", Bundle),
                ("run", BulkRun),
                ("skin", Skin),
                ("contact", Contact),
                ("group", Group),
                ("mail", Mail),
                ("product", Product),
                ("template", MailTemplate),
                ("user", User),
                ("view", SavedView),
            )
        },
    }
