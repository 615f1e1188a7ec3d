"""Notes, calls, tasks, ticks, tags and shares made on the record: with htmx in place, without it by a redirect."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from pipeline.domain import activities, contacts, notes, tags
from pipeline.extensions import db
from pipeline.models.activity import Activity, ActivityKind, Note, Priority
from pipeline.models.opportunity import ShareLevel
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def url(deal):
    return f"/opportunities/{deal.id}"


def activity():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Activity)).one()


def test_a_note_is_written_and_its_form_comes_back_empty(olive, url):
    answer = olive.post(f"{url}/notes", body="They like tier two", htmx=True)
    assert "They like tier two" in answer.text
    assert '-note-body" name="body" rows="3"' in answer.text


def test_what_a_note_says_is_text_and_never_markup(olive, url):
    olive.post(f"{url}/notes", body="<script>alert(1)</script>")
    assert "<script>alert" not in olive.get(url).text


def test_an_empty_note_is_refused(olive, url):
    answer = olive.post(f"{url}/notes", body="  ")
    assert answer.status_code == 422
    assert "A note has between" in answer.text


def test_a_note_is_corrected_in_its_place_by_its_writer_only(olive, url, deal, cast, visit):
    with transaction():
        note = notes.write(deal, "teh", by=cast.olive)
    assert olive.post(f"{url}/notes/{note.id}", body="the", htmx=True).text.count("entry-text") == 1
    db.session.expire_all()
    assert db.session.get(Note, note.id).body == "the"
    assert visit(cast.tom).post(f"{url}/notes/{note.id}", body="mine").status_code == 404


def test_a_note_of_another_deal_is_not_there(olive, url, cast, pipeline):
    other = factories.deal(pipeline, "Other", owner=cast.olive)
    with transaction():
        note = notes.write(other, "Elsewhere", by=cast.olive)
    assert olive.post(f"{url}/notes/{note.id}", body="x").status_code == 404


def test_a_note_that_was_taken_back_says_so(olive, url, deal, cast):
    with transaction():
        note = notes.write(deal, "Oh no", by=cast.olive)
    assert "took it back" in olive.post(f"{url}/notes/{note.id}/removal", htmx=True).text
    assert "Oh no" not in olive.get(url).text


def test_a_call_is_logged_by_one_click_on_its_outcome(olive, url, cast):
    olive.post(f"{url}/calls", outcome="No answer", notes="Rang long")
    call = activity()
    assert (call.kind, call.outcome, call.notes) == (ActivityKind.CALL, "No answer", "Rang long")
    assert call.is_done
    assert call.assignee_id == cast.olive.id


def test_a_call_without_outcome_is_refused(olive, url):
    assert olive.post(f"{url}/calls", notes="Hm").status_code == 422


def test_a_task_is_planned(olive, url, deal, cast):
    people = olive.soup(url).find(id=f"opportunity-{deal.id}-task").find("select", attrs={"name": "assignee_id"})
    assert people.find("option", selected=True).text == "Olive Owner"
    assert people.find("option", value=str(cast.tom.id))
    olive.post(f"{url}/tasks", title="Send offer", kind="mail", due_on="2026-12-24", due_at="10:00", priority="high")
    task = activity()
    assert (task.title, task.kind, task.priority) == ("Send offer", ActivityKind.MAIL, Priority.HIGH)
    assert (task.due_on.isoformat(), task.due_at.isoformat()) == ("2026-12-24", "10:00:00")


@pytest.mark.parametrize("fields", [{"title": ""}, {"title": "x", "due_on": "soon"}, {"title": "x", "kind": "dance"}])
def test_a_task_out_of_shape_is_refused_in_words(olive, url, fields):
    assert olive.post(f"{url}/tasks", **fields).status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(Activity)) is None


def test_ticking_shows_who_and_when_and_can_be_undone(olive, url, deal):
    item = factories.required_item(deal.stage)
    assert "Olive Owner, " in olive.post(f"{url}/items/{item.id}/tick", htmx=True).text
    assert 'aria-checked="false"' in olive.post(f"{url}/items/{item.id}/tick/removal", htmx=True).text


def test_ticks_of_earlier_stages_stay_in_sight(olive, url, deal, pipeline):
    item = factories.required_item(deal.stage, "Met in person")
    olive.post(f"{url}/items/{item.id}/tick")
    olive.post(f"{url}/moves", stage_id=pipeline.stages[1].id, version=2, back="record")
    page = olive.soup(url)
    assert "Checklist of Contacting" in page.get_text()
    assert "Met in person" in page.select_one(f"#opportunity-{deal.id}-checklist details").get_text()


def test_an_item_of_another_pipeline_is_not_there(olive, url):
    elsewhere = factories.sales_pipeline("Elsewhere")
    item = factories.required_item(elsewhere.stages[0])
    assert olive.post(f"{url}/items/{item.id}/tick").status_code == 404


def test_a_tag_is_found_whatever_its_case_and_taken_off_again(olive, url, deal):
    with transaction():
        tag = tags.named("VIP")
    assert "VIP" in olive.get(f"{url}/tags/suggestions", htmx=True).text
    olive.post(f"{url}/tags", name="vip")
    assert "VIP" in olive.soup(url).select_one(".tag-list").get_text()
    assert "VIP" not in olive.get(f"{url}/tags/suggestions", htmx=True).text
    olive.post(f"{url}/tags/{tag.id}/removal")
    assert "No tags" in olive.soup(url).select_one(".tag-list").get_text()


def test_a_deal_is_shared_and_the_share_taken_back(olive, url, deal, cast, visit):
    assert "Stan Stranger" in olive.get(f"{url}/shares/new", htmx=True).text
    olive.post(f"{url}/shares", user_id=cast.stan.id, level="write")
    assert visit(cast.stan).post(f"{url}/notes", body="Hello").status_code == 303
    olive.post(f"{url}/shares/{cast.stan.id}/removal")
    assert visit(cast.stan).get(url).status_code == 404


def test_who_gives_their_share_back_is_led_away(reader, url, cast):
    answer = reader.post(f"{url}/shares/{cast.stan.id}/removal")
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_share_without_person_or_level_is_refused(olive, url, cast):
    assert olive.post(f"{url}/shares", user_id=9999, level="read").status_code == 422
    assert olive.post(f"{url}/shares", user_id=cast.stan.id, level="all").status_code == 422


def test_moving_from_the_record_leads_back_to_it(olive, url, pipeline):
    answer = olive.post(f"{url}/moves", stage_id=pipeline.stages[1].id, version=1, back="record")
    assert (answer.status_code, answer.location) == (303, url)


def test_winning_from_the_record_closes_it(olive, url):
    olive.post(f"{url}/status", status="won", version=1, back="record")
    page = olive.soup(url)
    assert "Won" in page.select_one(".record-summary").get_text()
    assert page.select_one(".status-buttons").get_text(strip=True) == "Reopen"


def test_without_javascript_a_task_can_be_edited_on_a_page(olive, url, deal, cast):
    with transaction():
        task = activities.plan(deal, "Call", by=cast.olive)
    page = olive.soup(f"/activities/{task.id}/edit")
    assert page.select_one(f"#activity-{task.id}-task form input[name=title]")["value"] == "Call"


def test_shares_read_who_may_do_what(olive, url, cast, deal):
    olive.post(f"{url}/shares", user_id=cast.stan.id, level=ShareLevel.READ.value)
    assert "may read it" in olive.soup(url).select_one(".shares").get_text()


@pytest.mark.parametrize(
    ("act", "sent", "kind"),
    [
        ("calls", {"outcome": "No answer"}, "call"),
        ("notes", {"body": "They like tier two"}, "todo"),
        ("mails", {"subject": "Hello", "body": "Dear Ana"}, "todo"),
    ],
)
def test_after_word_with_them_the_next_step_is_offered_where_none_is_planned(olive, url, deal, cast, act, sent, kind):
    with transaction():
        contacts.change(deal.contact, by=cast.olive, email="ana@lima.example")
    offered = olive.post(f"{url}/{act}", htmx=True, **sent).text
    assert "What is next?" in offered
    assert f'<option value="{kind}" selected' in offered
    assert olive.post(f"{url}/{act}", **sent).location == f"{url}?next={kind}"

    olive.post(f"{url}/tasks", title="Send offer", due_on="2030-12-24")
    assert "What is next?" not in olive.post(f"{url}/{act}", htmx=True, **sent).text
    assert olive.post(f"{url}/{act}", **sent).location == url


def test_who_writes_note_after_note_keeps_the_focus(olive, url):
    asked = BeautifulSoup(olive.post(f"{url}/notes", body="They like tier two", htmx=True).text, "html.parser")
    assert asked.select_one("form.next-task")
    assert not asked.select("[autofocus]")


@pytest.mark.parametrize("stage", ["Won", "Lost"])
def test_a_deal_that_is_over_needs_no_next_step(cast, pipeline, visit, stage):
    closed = factories.deal(pipeline, "Over", stage=stage, owner=cast.olive)
    answer = visit(cast.olive).post(f"/opportunities/{closed.id}/notes", body="They wrote", htmx=True).text
    assert "What is next?" not in answer
