"""Notes: written by who may work the deal, corrected and taken back by who wrote them."""

import pytest

from pipeline.domain import notes
from pipeline.domain.facts import NoteWritten
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def write(about, body="She likes tier two.", *, by):
    with transaction():
        return notes.write(about, body, by=by)


def test_a_note_about_a_deal_stands_with_its_contact_too(deal, cast):
    note = write(deal, by=cast.olive)
    assert (note.opportunity_id, note.contact_id) == (deal.id, deal.contact_id)
    assert facts(deal, NoteWritten) == [NoteWritten(note_id=note.id, body="She likes tier two.")]


def test_a_note_about_a_contact_stands_alone(deal, cast):
    note = write(deal.contact, by=cast.olive)
    assert (note.opportunity_id, note.contact_id) == (None, deal.contact_id)


@pytest.mark.parametrize("body", ["", " \n", "x" * 20_001])
def test_a_note_says_something_but_no_novel(deal, cast, body):
    with pytest.raises(RuleBroken, match="between 1 and"):
        write(deal, body, by=cast.olive)


def test_a_stranger_writes_nothing(deal, cast):
    with pytest.raises(NotVisible):
        write(deal, by=cast.stan)


def test_only_its_writer_and_admins_correct_it(deal, cast):
    note = write(deal, by=cast.olive)
    with pytest.raises(NotAllowed), transaction():
        notes.rewrite(note, "Mine", by=cast.tom)
    with transaction():
        notes.rewrite(note, "She likes tier three.", by=cast.olive)
    assert note.body == "She likes tier three."
    assert note.edited_at is not None
    assert facts(deal, NoteWritten)[0].body == "She likes tier two."


def test_an_empty_correction_is_refused(deal, cast):
    note = write(deal, by=cast.olive)
    with pytest.raises(RuleBroken), transaction():
        notes.rewrite(note, " ", by=cast.olive)


def test_what_was_taken_back_is_not_found_on_the_deal(deal, cast):
    note = write(deal, by=cast.olive)
    assert notes.on(deal, note.id) is note
    with transaction():
        notes.delete(note, by=cast.ada)
    with pytest.raises(NotVisible):
        notes.on(deal, note.id)
