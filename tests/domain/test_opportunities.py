"""Opportunities: opened, changed by several at once, deleted and restored."""

from datetime import date, timedelta

import pytest

from pipeline import clock
from pipeline.domain import contacts, moves, opportunities
from pipeline.domain.facts import Change, OpportunityChanged, OpportunityCreated
from pipeline.domain.opportunities import Details
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import AnswersNeeded, Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.models.opportunity import Status
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts, last_event


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    return factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=10000)


def create(pipeline, **more):
    with transaction():
        return opportunities.create(pipeline, contacts.create("Ana Lima", by=None), **more)


def change(deal, by, **values):
    with transaction():
        return opportunities.change(deal, by=by, **values)


def test_it_opens_in_the_first_stage_owned_by_its_maker_and_titled_after_its_contact(pipeline, cast):
    deal = create(pipeline, by=cast.olive)
    assert (deal.title, deal.stage.name, deal.owner_id, deal.status) == (
        "Ana Lima",
        "New Opportunity",
        cast.olive.id,
        Status.OPEN,
    )
    [opened] = facts(deal)
    assert opened == OpportunityCreated(
        title="Ana Lima", stage_id=deal.stage_id, stage="New Opportunity", pipeline="Sales"
    )


def test_newer_ones_lie_on_top(pipeline, cast):
    first, second = create(pipeline, by=cast.olive), create(pipeline, by=cast.olive)
    assert second.rank < first.rank


def test_nobody_owns_it_where_that_is_said_by_who_sees_all(pipeline, cast):
    with transaction():
        cast.ada.may_view_all = cast.olive.may_view_all = True
    assert create(pipeline, by=cast.olive, owner=None).owner is None
    assert create(pipeline, by=cast.ada, owner=None).owner is None


def test_who_is_no_rep_must_name_an_owner(pipeline, cast):
    with pytest.raises(RuleBroken, match="Only sales reps own opportunities"):
        create(pipeline, by=cast.guy)
    assert create(pipeline, by=cast.guy, owner=cast.tom).owner_id == cast.tom.id


def test_the_right_to_add_is_asked_for(pipeline, cast):
    with transaction():
        cast.olive.may_add = False
    with pytest.raises(NotAllowed, match="An admin can give you that right"):
        create(pipeline, by=cast.olive)


def test_opening_as_lost_needs_the_required_reason(pipeline, cast):
    [reason] = factories.loss_reasons(pipeline, "Too expensive")
    lost = factories.stage_named(pipeline, "Lost")
    with pytest.raises(AnswersNeeded):
        create(pipeline, by=cast.olive, stage=lost)
    deal = create(pipeline, by=cast.olive, stage=lost, answers=Answers(reason_id=reason.id))
    assert (deal.status, deal.reason_id) == (Status.LOST, reason.id)
    assert deal.closed_at is not None


@pytest.mark.parametrize(
    ("details", "message"),
    [
        (Details(low=2, high=1), "low projection is above"),
        (Details(probability_override=101), "between 0 and 100"),
        (Details(title="x" * 201), "at most 200 letters"),
        (Details(expected_close=date(26, 12, 31)), "Check the year"),
        (Details(next_action_on=date(9999, 1, 1)), "Check the year"),
    ],
)
def test_nonsense_is_refused_in_words(pipeline, cast, details, message):
    with pytest.raises(RuleBroken, match=message):
        create(pipeline, by=cast.olive, details=details)


def test_a_change_is_written_down_field_by_field(deal, cast):
    changed = change(deal, cast.olive, title="Acme and sons", high=123456, expected_close=date(2026, 12, 24))
    assert changed == ["title", "high", "expected_close"]
    assert (deal.value, deal.version) == (123456, 2)
    assert facts(deal, OpportunityChanged) == [
        OpportunityChanged(
            version=2,
            changes=[
                Change("title", "Acme", "Acme and sons"),
                Change("high", "", "1234.56 USD"),
                Change("expected_close", "", "2026-12-24"),
            ],
        )
    ]
    assert last_event(deal).actor_id == cast.olive.id


def test_saving_the_same_again_writes_nothing(deal, cast):
    assert change(deal, cast.olive, title="Acme", typed_value=10000) == []
    assert deal.version == 1
    assert not facts(deal, OpportunityChanged)


def test_what_is_no_field_is_a_mistake_of_the_caller(deal, cast):
    with pytest.raises(TypeError, match="status"):
        change(deal, cast.olive, status=Status.WON)


def test_different_fields_changed_at_once_merge(deal, cast):
    change(deal, cast.ada, seen_version=1, title="Theirs")
    change(deal, cast.olive, seen_version=1, typed_value=1)
    assert (deal.title, deal.value, deal.version) == ("Theirs", 1, 3)


def test_the_same_field_changed_at_once_is_a_conflict_that_says_who(deal, cast):
    change(deal, cast.ada, seen_version=1, typed_value=5)
    with pytest.raises(Conflict, match="Ada Admin changed value meanwhile") as clash:
        change(deal, cast.olive, seen_version=1, typed_value=6)
    assert clash.value.at is not None
    assert deal.value == 5


def test_setting_what_the_other_set_too_is_no_conflict(deal, cast):
    change(deal, cast.ada, seen_version=1, typed_value=5)
    assert change(deal, cast.olive, seen_version=1, typed_value=5) == []


def test_a_stranger_finds_nothing_to_change(deal, cast):
    with pytest.raises(NotVisible):
        change(deal, cast.stan, title="Mine")


def test_a_closed_one_takes_a_right_of_its_own(deal, cast):
    with transaction():
        moves.set_status(deal, Status.ABANDONED, by=cast.olive)
        cast.olive.may_edit_closed = False
    with pytest.raises(NotAllowed, match="closed"):
        change(deal, cast.olive, title="Other")


def test_deleting_takes_a_right_and_can_be_undone(deal, cast):
    with pytest.raises(NotAllowed, match="may not delete"), transaction():
        opportunities.delete(deal, by=cast.olive)
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    with pytest.raises(NotVisible):
        change(deal, cast.olive, title="Gone")
    with transaction():
        opportunities.restore(deal, by=cast.ada)
    assert deal.deleted_at is None
    assert [type(fact).__name__ for fact in facts(deal)] == [
        "OpportunityCreated",
        "OpportunityDeleted",
        "OpportunityRestored",
    ]


def test_restoring_brings_the_contact_back_too(deal, cast):
    with transaction():
        opportunities.delete(deal, by=cast.ada)
        contacts.delete(deal.contact, by=cast.ada)
    with transaction():
        opportunities.restore(deal, by=cast.ada)
    assert deal.contact.deleted_at is None


def test_restoring_into_a_stage_that_is_gone_goes_to_the_first(deal, cast, pipeline):
    with transaction():
        moves.move(deal, factories.stage_named(pipeline, "Engaging"), by=None)
        opportunities.delete(deal, by=cast.ada)
        deal.stage.retired_at = clock.now()
    with transaction():
        opportunities.restore(deal, by=cast.ada)
    assert deal.stage.name == "New Opportunity"


def test_after_sixty_days_nothing_is_restored(deal, cast):
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    with clock.travelled(timedelta(days=61)), pytest.raises(RuleBroken, match="60 days"), transaction():
        opportunities.restore(deal, by=cast.ada)
