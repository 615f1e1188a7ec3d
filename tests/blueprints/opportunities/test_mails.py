"""Mails written in the composer: from a template, read over, sent after a while, taken back before."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from pipeline import clock
from pipeline.domain import mails, owning
from pipeline.extensions import db
from pipeline.models.mail import Mail, MailState
from pipeline.models.opportunity import ShareLevel
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.transaction import transaction
from tests import factories

LETTER = {"subject": "Our talk", "body": "Dear {{ contact.first_name }},\nthanks."}


@pytest.fixture
def deal(cast):
    ana = factories.contact("Ana Lima", email="ana@lima.example")
    return factories.deal(factories.sales_pipeline(), "Books", owner=cast.olive, contact=ana)


@pytest.fixture
def url(deal):
    return f"/opportunities/{deal.id}/mails"


def written():
    return db.session.scalars(db.select(Mail)).one()


def shown(visitor, deal):
    return visitor.soup(f"/opportunities/{deal.id}").select_one(".entry.mail-written").get_text(" ", strip=True)


def test_a_template_comes_with_its_fields_filled_in(olive, url):
    template = factories.mail_template("Offer", "For {{ contact.name }}", "Dear {{ contact.first_name }}, hello")
    page = BeautifulSoup(olive.get(f"{url}/new?template={template.id}", htmx=True).text, "html.parser")
    assert page.find("input", {"name": "subject"})["value"] == "For Ana Lima"
    assert page.find("textarea", {"name": "body"}).text.strip() == "Dear Ana, hello"


def test_without_javascript_the_page_opens_at_the_mail(olive, url):
    page = olive.soup(f"{url}/new")
    assert page.select_one("details.compose-mail[open] input[name=subject]")


def test_a_preview_is_what_will_be_read_and_sends_nothing(olive, url):
    page = BeautifulSoup(olive.post(f"{url}/preview", htmx=True, **LETTER).text, "html.parser")
    assert "Dear Ana,\nthanks." in page.find("section", {"aria-label": "Preview"}).text
    assert page.find("textarea").text.strip() == LETTER["body"]
    assert db.session.scalar(db.select(db.func.count(Mail.id))) == 0


def test_sent_it_waits_as_long_as_things_can_be_undone(olive, url, deal, cast):
    answer = olive.post(url, htmx=True, **LETTER)
    mail = written()
    assert answer.status_code == 200
    assert (mail.to_address, mail.subject, mail.text) == ("ana@lima.example", "Our talk", "Dear Ana,\nthanks.")
    assert (mail.reply_to, mail.state) == (cast.olive.email, MailState.SCHEDULED)
    promise = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.task == mails.DELIVER)).one()
    assert timedelta(seconds=20) < promise.due_at - clock.now() <= timedelta(seconds=30)
    assert "Olive Owner wrote to ana@lima.example: Our talk Waits to leave" in shown(olive, deal)


def test_taken_back_in_time_it_never_leaves(olive, url, deal, afresh):
    olive.post(url, **LETTER)
    answer = olive.post(f"{url}/{written().id}/cancellation", htmx=True)
    afresh()
    promise = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.task == mails.DELIVER)).one()
    assert (answer.status_code, written().state) == (200, MailState.CANCELLED)
    assert promise.state is PromiseState.CANCELLED
    assert "Cancelled" in shown(olive, deal)


def test_what_has_left_cannot_be_taken_back(olive, url, deal, afresh):
    olive.post(url, **LETTER)
    with transaction():
        promise = mails.promise_of(written())
        promise.state = PromiseState.DONE
        mails.note(PromiseState.DONE, "", written().id)
    answer = olive.post(f"{url}/{written().id}/cancellation", htmx=True)
    assert (answer.status_code, written().state) == (422, MailState.SENT)
    assert "left already" in answer.text
    assert "Sent" in shown(olive, deal)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"subject": "", "body": "Hello"}, "needs a subject and a text"),
        ({"subject": "Hello", "body": "{{ contact.salary }}"}, "no merge field contact.salary"),
    ],
)
def test_a_mail_that_cannot_go_comes_back_as_it_was_typed(olive, url, said, words):
    for where in (url, f"{url}/preview"):
        answer = olive.post(where, htmx=True, **said)
        assert answer.status_code == 422
        assert words in answer.text
        assert BeautifulSoup(answer.text, "html.parser").find("textarea").text.strip() == said["body"]


def test_a_contact_without_an_address_is_said_so(olive, cast):
    deal = factories.deal(factories.sales_pipeline("Two"), owner=cast.olive)
    assert "has no mail address yet" in olive.get(f"/opportunities/{deal.id}").text
    assert olive.post(f"/opportunities/{deal.id}/mails", htmx=True, **LETTER).status_code == 422


def test_pressing_twice_writes_once(olive, url):
    for _ in range(2):
        olive.post(url, **LETTER, form_key="the same")
    assert written().subject == "Our talk"


def test_a_reader_writes_nothing_and_a_stranger_finds_nothing(visit, cast, deal, url):
    stan = visit(cast.stan)
    assert stan.post(url, htmx=True, **LETTER).status_code == 404
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    assert stan.get(f"{url}/new", htmx=True).status_code == 403
    assert stan.post(url, htmx=True, **LETTER).status_code == 403


def test_a_mail_of_another_deal_is_not_reached_through_this_one(olive, url, cast):
    olive.post(url, **LETTER)
    other = factories.deal(factories.sales_pipeline("Two"), owner=cast.olive)
    assert olive.post(f"/opportunities/{other.id}/mails/{written().id}/cancellation").status_code == 404
