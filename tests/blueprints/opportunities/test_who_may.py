"""The same litany for all that can be done on a deal's page: who gets in, who is refused, what stays as it was."""

import pytest
from sqlalchemy import func, select

from pipeline.domain import activities, notes, tags
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.transaction import transaction
from tests import factories

DEAL = "/opportunities/{deal}"
CHANGES = {
    "write a note": (f"{DEAL}/notes", {"body": "Hello"}),
    "log a call": (f"{DEAL}/calls", {"outcome": "No answer"}),
    "plan a task": (f"{DEAL}/tasks", {"title": "Call"}),
    "tick an item": (f"{DEAL}/items/{{item}}/tick", {}),
    "untick an item": (f"{DEAL}/items/{{item}}/tick/removal", {}),
    "add a tag": (f"{DEAL}/tags", {"name": "vip"}),
    "remove a tag": (f"{DEAL}/tags/{{tag}}/removal", {}),
    "change the title": (f"{DEAL}/facts/title", {"title": "Other", "version": "1"}),
    "change the value": (f"{DEAL}/facts/value", {"typed_value": "12", "version": "1"}),
    "change the forecast": (f"{DEAL}/facts/forecast", {"probability_override": "12", "version": "1"}),
    "change the next action": (f"{DEAL}/facts/next_action", {"next_action": "Call", "version": "1"}),
    "change the source": (f"{DEAL}/facts/source", {"source_id": "0", "new_source": "Fair", "version": "1"}),
    "change the products": (f"{DEAL}/facts/products", {"new_product": "Payroll", "version": "1"}),
    "hand over": (f"{DEAL}/facts/owner", {"owner_id": "{tom}", "version": "1"}),
    "share": (f"{DEAL}/shares", {"user_id": "{tom}", "level": "read"}),
    "finish a task": ("/activities/{task}/completion", {}),
    "change a task": ("/activities/{task}", {"title": "Other"}),
    "drop a task": ("/activities/{task}/removal", {}),
    "say what is next": ("/today/opportunities/{deal}/next-action", {"next_action": "Call", "version": "1"}),
}
FORMS = [f"{DEAL}/facts/value/edit", f"{DEAL}/shares/new", "/activities/{task}/edit", f"{DEAL}/notes/{{note}}/edit"]


@pytest.fixture
def known(deal, cast, pipeline):
    item = factories.required_item(deal.stage)
    with transaction():
        tag = tags.named("early")
        tags.apply(tag, deal, by=None)
        task = activities.plan(deal, "Send offer", by=None)
        note = notes.write(deal, "Hello", by=cast.olive)
    return {"deal": deal.id, "item": item.id, "tag": tag.id, "task": task.id, "note": note.id, "tom": cast.tom.id}


def send(browser, what, known, *, htmx=False):
    url, fields = CHANGES[what]
    filled = {name: value.format(**known) for name, value in fields.items()}
    return browser.post(url.format(**known), htmx=htmx, **filled)


def events():
    db.session.rollback()
    return db.session.scalar(select(func.count(Event.id)))


@pytest.mark.parametrize("what", CHANGES)
def test_its_owner_may(what, known, olive):
    assert send(olive, what, known).status_code == 303
    assert send(olive, what, known, htmx=True).status_code in (200, 404, 409)


@pytest.mark.parametrize("what", CHANGES)
def test_for_a_stranger_it_does_not_exist(what, known, visit, cast):
    before = events()
    assert send(visit(cast.stan), what, known).status_code == 404
    assert events() == before


@pytest.mark.parametrize("what", CHANGES)
def test_a_reader_is_refused_and_told_why(what, known, reader):
    before = events()
    answer = send(reader, what, known)
    assert answer.status_code == 403
    assert "can" in answer.text
    assert events() == before


@pytest.mark.parametrize("what", CHANGES)
def test_a_closed_deal_needs_a_right_of_its_own(what, known, closed, cast, olive):
    with transaction():
        cast.olive.may_edit_closed = False
    before = events()
    answer = send(olive, what, known)
    if what in ("finish a task", "change a task", "drop a task", "share"):  # one's own tasks and deals stay one's own
        assert answer.status_code == 303
        return
    assert answer.status_code == 403
    assert "closed" in answer.text
    assert events() == before


@pytest.mark.parametrize("what", CHANGES)
def test_who_is_signed_out_is_sent_to_sign_in(what, known, client):
    url, _ = CHANGES[what]
    answer = client.post(url.format(**known))
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("url", FORMS)
def test_forms_are_shown_to_who_may_use_them(url, known, reader, visit, cast):
    assert visit(cast.olive).get(url.format(**known)).status_code == 200
    assert reader.get(url.format(**known)).status_code == 403
    assert visit(cast.guy).get(url.format(**known)).status_code == 404


def test_a_reader_sees_the_page_without_forms_and_why(known, reader):
    page = reader.soup(f"/opportunities/{known['deal']}")
    assert "You can see this opportunity but not change it" in page.get_text()
    actions = {form["action"] for form in page.select("main form")}
    assert not [action for action in actions if "/shares/" not in action and "/followers" not in action]


def test_a_stranger_gets_no_page(known, visit, cast):
    assert visit(cast.stan).get(f"/opportunities/{known['deal']}").status_code == 404
    assert visit(cast.stan).get(f"/opportunities/{known['deal']}/timeline").status_code == 404
