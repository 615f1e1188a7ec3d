"""The buy-now link in texts: its address, what it asks for and until when; and what is said when there is none."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import automation, buy_links, letters, mail_templates, merge_fields, moves
from pipeline.domain.actions.send_mail import NO_LINK, SendMailSettings
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step, StepState
from pipeline.models.event import Event
from pipeline.models.mail import Mail
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NEEDS = "Pay here: {{ offer.link }}"


@pytest.fixture(autouse=True)
def _noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def deal(cast):
    ana = factories.contact("Ana Lima", email="ana@example.com", time_zone="Europe/Lisbon")
    return factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, contact=ana)


@pytest.fixture
def link(deal, cast):
    return factories.buy_link(deal, by=cast.olive, expires_at=datetime(2026, 4, 2, 12, tzinfo=UTC))


def test_they_tell_of_the_active_link_in_the_contacts_own_time(deal, link):
    values = merge_fields.values_for(deal)
    assert values["offer.link"] == buy_links.address(link)
    assert values["offer.total"] == "$100.00"
    assert values["offer.expires"] == "2 April 2026, 13:00 (Lisbon time)"


def test_of_a_link_that_is_not_good_they_tell_nothing(deal, link):
    with clock.frozen(link.expires_at):
        assert merge_fields.values_for(deal)["offer.link"] == ""
    with transaction():
        buy_links.revoke(link, by=None)
    assert merge_fields.values_for(deal)["offer.total"] == ""


def test_texts_that_do_not_ask_for_it_cost_no_question(deal, link):
    merge_fields.values_for(deal, "Dear {{ contact.name }}")
    with statements() as asked:
        merge_fields.values_for(deal, "Dear {{ contact.name }}")
    assert not [statement for statement in asked if "buy_links" in statement]


def test_the_address_is_a_link_in_the_mail_alone_or_behind_words(deal, link):
    body = "{{ offer.link }} or [pay here]({{ offer.link }})"
    written = mail_templates.filled("Offer", body, merge_fields.values_for(deal))
    assert written.html.count(f'href="{buy_links.address(link)}"') == 2
    assert ">pay here</a>" in written.html


@pytest.mark.parametrize("text", ["{{ offer.total }}", '{{ offer.link or "soon" }}', '{{ offer.link | d("soon") }}'])
def test_a_text_with_other_words_for_it_needs_no_link(text):
    assert not merge_fields.needs_link(text)
    assert merge_fields.needs_link(text, NEEDS)


def test_a_mail_that_needs_a_link_is_not_sent_without_one(deal, cast):
    with pytest.raises(RuleBroken, match="no active one"), transaction():
        letters.send(deal, "Offer", NEEDS, by=cast.olive)
    factories.buy_link(deal, by=cast.olive)
    with transaction():
        assert "http://pipeline.example/buy/" in letters.send(deal, "Offer", NEEDS, by=cast.olive).text


def test_an_automation_says_why_it_did_not_send_it(deal, cast):
    settings = SendMailSettings(template_id=factories.mail_template(body=NEEDS).id)
    factories.automation(deal.pipeline, (ActionKind.SEND_MAIL, settings), target="Contacting")
    target = factories.stage_named(deal.pipeline, "Contacting")
    assert NO_LINK in automation.foreseen(deal, target)[0].sentence
    step = _taken(deal, target, cast)
    assert (step.state, step.receipt) == (StepState.SUPPRESSED, NO_LINK)
    assert db.session.scalars(select(Mail)).all() == []


def _taken(deal, target, cast):
    factories.no_undo()
    with transaction():
        moves.move(deal, target, by=cast.olive)
        automation.react_to(db.session.scalars(select(Event).order_by(Event.id.desc())).first())
    step = db.session.scalars(select(Step)).one()
    with transaction():
        automation.take_step(step.id)
    return step
