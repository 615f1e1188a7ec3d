"""A deal's history for one reader: by their days, page by page, each fact in words."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities, notes, opportunities, tags
from pipeline.queries import timeline
from pipeline.queries.changed_fields import Amount, read_back
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def deal(cast):
    with clock.frozen(NOON):
        return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def write(deal, *bodies, by, at=NOON):
    for body in bodies:
        with clock.frozen(at), transaction():
            notes.write(deal, body, by=by)


def bodies(page):
    return [entry.fact.body for day in page.days for entry in day.entries if entry.kind == "note_written"]


def test_what_happened_last_comes_first(deal, cast):
    write(deal, "first", "second", by=cast.olive)
    assert bodies(timeline.page(deal, to=cast.olive)) == ["second", "first"]


def test_days_are_those_of_the_reader(deal, cast):
    late = NOON.replace(hour=23)
    write(deal, "before", by=cast.olive, at=late)
    write(deal, "after", by=cast.olive, at=late + timedelta(hours=2))
    assert len(timeline.page(deal, to=cast.olive).days) == 2
    with transaction():
        cast.olive.time_zone = "Pacific/Auckland"
    days = timeline.page(deal, to=cast.olive).days
    assert [day.on.isoformat() for day in days] == ["2026-03-11"]


def test_older_pages_go_on_where_the_one_before_ended(deal, cast):
    write(deal, *(str(number) for number in range(25)), by=cast.olive)
    seen, before = [], None
    while True:
        page = timeline.page(deal, to=cast.olive, before=before, size=10)
        seen += bodies(page)
        before = page.older
        if before is None:
            break
    assert seen == [str(number) for number in reversed(range(25))]


def test_an_older_page_of_the_same_day_does_not_name_the_day_again(deal, cast):
    write(deal, *(str(number) for number in range(15)), by=cast.olive)
    first = timeline.page(deal, to=cast.olive, size=10)
    assert not first.days[0].is_continued
    assert timeline.page(deal, to=cast.olive, before=first.older, size=10).days[0].is_continued


def test_what_is_written_meanwhile_does_not_shift_the_older_page(deal, cast):
    write(deal, *(str(number) for number in range(15)), by=cast.olive)
    first = timeline.page(deal, to=cast.olive, size=10)
    write(deal, "meanwhile", by=cast.olive)
    assert bodies(timeline.page(deal, to=cast.olive, before=first.older, size=10)) == ["4", "3", "2", "1", "0"]


def test_a_note_reads_as_it_was_corrected_and_is_gone_once_taken_back(deal, cast):
    write(deal, "teh note", by=cast.olive)
    entry = timeline.page(deal, to=cast.olive).days[0].entries[0]
    with transaction():
        notes.rewrite(entry.note, "the note", by=cast.olive)
    assert timeline.page(deal, to=cast.olive).days[0].entries[0].note.body == "the note"
    with transaction():
        notes.delete(entry.note, by=cast.olive)
    assert timeline.page(deal, to=cast.olive).days[0].entries[0].note is None


def test_only_the_writer_of_a_note_is_offered_to_correct_it(deal, cast):
    write(deal, "mine", by=cast.olive)
    assert timeline.page(deal, to=cast.olive).days[0].entries[0].is_mine
    assert not timeline.page(deal, to=cast.ada).days[0].entries[0].is_mine


def test_a_change_keeps_money_and_days_to_be_written_for_the_reader(deal, cast):
    with transaction():
        opportunities.change(deal, by=cast.olive, typed_value=123456, expected_close=NOON.date(), is_committed=True)
    changed = {field.label: field.after for field in timeline.page(deal, to=cast.olive).days[0].entries[0].changes}
    assert changed == {"value": Amount(123456, "USD"), "expected close": NOON.date(), "committed": "yes"}


def test_a_change_that_cannot_be_read_any_more_is_shown_as_it_was_written():
    from pipeline.domain.facts import Change

    (field,) = read_back([Change("expected_close", "", "some day")])
    assert field.after == "some day"


def test_the_queries_are_as_many_for_one_entry_as_for_three_hundred(deal, cast):
    with statements() as few:
        timeline.page(deal, to=cast.olive)
    write(deal, *(str(number) for number in range(60)), by=cast.olive)
    for number in range(80):
        with transaction():
            tag = tags.named(f"tag {number}")
            tags.apply(tag, deal, by=cast.olive)
            activities.plan(deal, f"task {number}", by=cast.olive)
            tags.remove(tag, deal, by=cast.olive)
    with statements() as many:
        timeline.page(deal, to=cast.olive)
    assert len(many) == len(few)


def test_every_sentence_can_be_read(app, deal, cast, visit):
    write(deal, "a note", by=cast.olive)
    with transaction():
        task = activities.plan(deal, "Call", by=cast.olive, due_on=NOON.date())
        activities.change(task, by=cast.olive, title="Call her")
        activities.complete(task, by=cast.olive, outcome="Reached")
        activities.reopen(task, by=cast.olive)
        activities.drop(task, by=cast.olive)
        activities.log_call(deal, "No answer", by=cast.olive, notes="rang long")
        tags.apply(tags.named("vip"), deal, by=cast.olive)
    text = visit(cast.olive).soup(f"/opportunities/{deal.id}").select_one(".timeline").get_text(" ", strip=True)
    for sentence in (
        "planned Call , due",
        "changed the task Call her : set title from Call to Call her",
        "completed Call her : Reached",
        "reopened the task Call her",
        "dropped the task Call her",
        "called: No answer rang long",
        "added the tag vip",
        "opened it in New Opportunity of Sales",
    ):
        assert sentence in text
