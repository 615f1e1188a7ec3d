"""Who owns a deal, who else may see it, and who may say so."""

import pytest
from sqlalchemy import select

from pipeline.domain import access, owning
from pipeline.domain.facts import OpportunityShared, OpportunityUnshared, OwnerChanged
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import ShareLevel
from pipeline.models.outbox import OutboxMessage
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def assign(deal, owner, *, by, **more):
    with transaction():
        owning.assign(deal, owner, by=by, **more)


def share(deal, user, level=ShareLevel.READ, *, by=None):
    with transaction():
        owning.share(deal, user, level, by=by)


def test_the_owner_hands_it_over_and_the_new_one_is_told(deal, cast):
    assign(deal, cast.stan, by=cast.olive)
    assert deal.owner_id == cast.stan.id
    [changed] = facts(deal, OwnerChanged)
    assert (changed.before, changed.after, changed.version) == ("Olive Owner", "Stan Stranger", 2)
    assert "notifications.tell_new_owner" in set(db.session.scalars(select(OutboxMessage.task)))


def test_handing_it_to_who_has_it_changes_nothing(deal, cast):
    assign(deal, cast.olive, by=cast.olive)
    assert deal.version == 1


@pytest.mark.parametrize("gone", [False, True])
def test_only_a_rep_who_can_sign_in_may_own_it(deal, cast, gone):
    with transaction():
        cast.tom.is_active = not gone
    with pytest.raises(RuleBroken, match="cannot sign in" if gone else "not a sales rep"):
        assign(deal, cast.tom if gone else cast.guy, by=cast.olive)


def test_only_who_sees_everything_may_leave_it_without_owner(deal, cast):
    with pytest.raises(RuleBroken, match="Only sales reps own"):
        assign(deal, None, by=cast.olive)
    assign(deal, None, by=cast.ada)
    assert deal.owner_id is None


def test_a_writer_works_it_but_does_not_give_it_away(deal, cast):
    share(deal, cast.stan, ShareLevel.WRITE)
    assert access.may_edit(cast.stan, deal)
    for attempt in (lambda: assign(deal, cast.stan, by=cast.stan), lambda: share(deal, cast.guy, by=cast.stan)):
        with pytest.raises(NotAllowed, match="Only the owner or an admin"):
            attempt()


def test_a_manager_gives_away_what_their_team_owns(cast):
    deal = factories.deal(factories.sales_pipeline(), owner=cast.tom)
    assign(deal, cast.stan, by=cast.olive)
    assert deal.owner_id == cast.stan.id


def test_two_who_hand_it_over_at_once_are_told(deal, cast):
    assign(deal, cast.tom, by=cast.ada, seen_version=1)
    with pytest.raises(Conflict, match="Ada Admin changed owner meanwhile"):
        assign(deal, cast.stan, by=cast.olive, seen_version=1)


def test_a_share_shows_it_and_can_be_raised_to_write(deal, cast):
    share(deal, cast.stan, by=cast.olive)
    share(deal, cast.stan, by=cast.olive)
    assert access.may_see(cast.stan, deal)
    assert not access.may_edit(cast.stan, deal)
    share(deal, cast.stan, ShareLevel.WRITE, by=cast.olive)
    assert [fact.level for fact in facts(deal, OpportunityShared)] == ["read", "write"]


def test_nothing_is_shared_with_who_cannot_sign_in(deal, cast):
    with transaction():
        cast.guy.is_active = False
    with pytest.raises(RuleBroken, match="cannot sign in"):
        share(deal, cast.guy, by=cast.olive)


def test_a_share_is_taken_back_by_the_owner_or_given_back(deal, cast):
    for by in (cast.olive, cast.stan):
        share(deal, cast.stan)
        with transaction():
            owning.unshare(deal, cast.stan, by=by)
        with pytest.raises(NotVisible):
            access.refuse_unless_editable(deal, by=cast.stan)
    assert len(facts(deal, OpportunityUnshared)) == 2


def test_another_reader_cannot_take_a_share_away(deal, cast):
    share(deal, cast.stan)
    share(deal, cast.guy)
    with pytest.raises(NotAllowed), transaction():
        owning.unshare(deal, cast.guy, by=cast.stan)
