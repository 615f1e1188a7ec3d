"""What one may not see leaves no trace: not in names, sums, counts, search, export, timelines or refusals."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import activities, contacts, moves, notes, opportunities, orders, tags
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.opportunity import LeadSource, Opportunity
from pipeline.models.payment import PaymentFlag
from pipeline.models.pipeline import Pipeline
from pipeline.models.product import Product
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories, selling
from tests.cast import Cast
from tests.support.crawling import address, crawl, read
from tests.support.visiting import Visitor

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BEGINNINGS = [
    "/",
    "/today",
    "/board",
    "/opportunities?status=all",
    "/opportunities?status=all&owner=2",
    "/opportunities?status=all&value_from=98765",
    "/opportunities?q=zebra&status=all",
    "/opportunities.csv?status=all",
    "/opportunities/deleted",
    "/contacts",
    "/contacts?q=zebra",
    "/contacts?kind=deleted",
    "/contacts/duplicates?email=zebra@secret.example",
    "/contacts/companies?company=zebra",
    "/search?q=zebra",
    "/search?q=5559876",
    "/orders",
    "/orders?q=zebra",
    "/orders.csv",
    *(f"/{noun}/{number}" for noun in ("orders", "payments") for number in (1, 2, 1001, 1002)),
    *(
        f"/{noun}/{number}{path}"
        for noun in ("opportunities", "contacts")
        for number in range(1, 9)
        for path in ("", "/timeline")
    ),
]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    factories.product("Advice", 77_000)
    with transaction():
        tags.named("VIP")
        db.session.add(LeadSource(name="Fair"))
        for person in (cast.stan, cast.olive):
            person.may_delete = True
    return pipeline


@pytest.fixture
def company(cast: Cast) -> Contact:
    """Stan knows somebody there, and so does Olive."""
    with transaction():
        return contacts.create("Acme", by=None, is_company=True)


@pytest.fixture
def known(cast: Cast, company: Contact, pipeline: Pipeline) -> Contact:
    """Stan's own contact, with a deal of his."""
    with transaction():
        person = contacts.create("Ana Lima", by=cast.stan, company=company)
    factories.deal(pipeline, "Stan's deal", owner=cast.stan, contact=person, typed_value=1000)
    return person


def work(pipeline: Pipeline, contact: Contact, olive: User, *, title: str) -> Opportunity:
    """Everything that can happen to a deal, by Olive."""
    deal = factories.deal(
        pipeline,
        title,
        owner=olive,
        contact=contact,
        typed_value=9876543,
        expected_close=date(2026, 4, 1),
        next_action="Call the zebra",
        next_action_on=date(2026, 3, 9),
        source=db.session.scalar(select(LeadSource)),
    )
    with transaction():
        tags.apply(tags.named("VIP"), deal, by=olive)
        notes.write(deal, "The zebra is for sale", by=olive)
        activities.plan(deal, "Feed the zebra", by=olive)
        opportunities.change(deal, by=olive, low=1234567)
        moves.move(deal, factories.stage_named(pipeline, "Closing"), by=olive)
    factories.line(deal, db.session.scalars(select(Product)).one())
    with transaction():
        order = orders.place_by_hand(deal, by=olive, note="One zebra")
    selling.payment(order, 9_876_543, flag=PaymentFlag.DOUBLE)
    return deal


def be_busy(pipeline: Pipeline, company: Contact, known: Contact, olive: User) -> None:
    """Deals with somebody Stan does not know, at a company he knows; with somebody he knows; won; and deleted."""
    with transaction():
        secret = contacts.create(
            "Zebra Secret", by=olive, company=company, email="zebra@secret.example", phone="+1 555 9876 001"
        )
        alone = contacts.create("Zebra Holding", by=olive, is_company=True)
        gone = contacts.create("Zebra Gone", by=olive)
    work(pipeline, secret, olive, title="Zebra merger")
    work(pipeline, known, olive, title="Zebra renewal")
    won, deleted = (work(pipeline, alone, olive, title=f"Zebra {what}") for what in ("won", "deleted"))
    with transaction():
        moves.move(won, factories.stage_named(pipeline, "Won"), by=olive)
        opportunities.delete(deleted, by=olive)
        contacts.delete(gone, by=olive)


@pytest.mark.long
def test_a_crawler_reads_every_page_just_as_if_the_deals_of_others_were_not_there(
    cast: Cast, pipeline: Pipeline, company: Contact, known: Contact, visit: Callable[[User], Visitor]
) -> None:
    with clock.frozen(NOON):
        before = crawl(visit(cast.stan), BEGINNINGS)
        be_busy(pipeline, company, known, cast.olive)
        after = crawl(visit(cast.stan), BEGINNINGS)
    assert len(before) > len(BEGINNINGS) + 20, "the crawler saw too little to prove anything"
    assert set(after) == set(before)
    for url, page in before.items():
        assert after[url] == page, f"{url} tells what Stan may not see"


def test_whoever_may_see_them_does_see_them(
    cast: Cast, pipeline: Pipeline, company: Contact, known: Contact, visit: Callable[[User], Visitor]
) -> None:
    """Without this the crawler would prove nothing."""
    with clock.frozen(NOON):
        be_busy(pipeline, company, known, cast.olive)
        pages = [
            read(visit(cast.ada), url) for url in ("/board", "/opportunities", "/opportunities.csv", "/search?q=zebra")
        ]
    assert all("Zebra merger" in page.replace("<mark>", "").replace("</mark>", "") for page in pages)


HIDDEN = {"opportunity_id", "contact_id"}
NO_SUCH = dict.fromkeys(HIDDEN, 999_999)


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_hidden_record_answers_as_one_that_does_not_exist_and_stays_as_it_was(
    app: Flask, cast: Cast, pipeline: Pipeline, visit: Callable[[User], Visitor], verb: str
) -> None:
    with transaction():
        secret = contacts.create("Zebra Secret", by=cast.olive)
    deal = work(pipeline, secret, cast.olive, title="Zebra merger")
    numbers = {"opportunity_id": deal.id, "contact_id": secret.id}
    happened = db.session.scalar(select(func.count(Event.id)))
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments & HIDDEN and verb.upper() in rule.methods]
    assert len(rules) > 5
    for rule in rules:
        ask, url = getattr(visit(cast.stan), verb), address(rule.rule, numbers)
        answer = ask(url)
        assert answer.status_code in {404, 303}, f"{verb} {url} answers {answer.status}"
        assert answer.status_code == ask(address(rule.rule, NO_SUCH)).status_code, f"{verb} {url} tells that it exists"
        assert "Zebra" not in answer.text
    db.session.rollback()
    assert db.session.scalar(select(func.count(Event.id))) == happened
