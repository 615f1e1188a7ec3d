"""Who follows a deal is told what others do to it, and may do no more than before."""

import pytest
from sqlalchemy import select

from pipeline.domain import access, following, moves, notes, owning
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.follower import Follower
from pipeline.models.notification import Notification
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def follow(deal, user, *, by):
    with transaction():
        following.follow(deal, user, by=by)


def followers(deal):
    return set(db.session.scalars(select(Follower.user_id).where(Follower.opportunity_id == deal.id)))


def told(user):
    """What the workers would have told by now."""
    with transaction():
        for event in db.session.scalars(select(Event).order_by(Event.id)):
            following.tell_followers(event)
    words = select(Notification.text).where(Notification.user_id == user.id).order_by(Notification.id)
    return list(db.session.scalars(words))


def test_whoever_sees_it_may_follow_it_and_let_go_again(deal, cast):
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    follow(deal, cast.stan, by=cast.stan)
    follow(deal, cast.stan, by=cast.stan)
    assert followers(deal) == {cast.stan.id}
    assert not access.may_edit(cast.stan, deal)
    with transaction():
        following.unfollow(deal, cast.stan, by=cast.stan)
    assert followers(deal) == set()


def test_who_does_not_see_it_cannot_follow_it(deal, cast):
    with pytest.raises(NotVisible), transaction():
        following.follow(deal, cast.stan, by=cast.stan)


def test_a_reader_adds_nobody(deal, cast):
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    with pytest.raises(NotAllowed), transaction():
        following.follow(deal, cast.ada, by=cast.stan)


def test_adding_someone_who_could_not_see_it_lets_them_read_it(deal, cast):
    follow(deal, cast.stan, by=cast.olive)
    assert access.may_see(cast.stan, deal)
    assert not access.may_edit(cast.stan, deal)


def test_who_may_not_share_it_cannot_add_who_could_not_see_it(deal, cast):
    with transaction():
        owning.share(deal, cast.tom, ShareLevel.WRITE, by=None)
    with pytest.raises(NotAllowed), transaction():
        following.follow(deal, cast.stan, by=cast.tom)
    follow(deal, cast.ada, by=cast.tom)
    assert followers(deal) == {cast.ada.id}


def test_who_cannot_sign_in_any_more_is_not_added(deal, cast):
    with transaction():
        cast.ada.is_active = False
    with pytest.raises(RuleBroken), transaction():
        following.follow(deal, cast.ada, by=cast.olive)


def test_followers_are_told_of_moves_notes_and_owners_by_others(deal, cast):
    follow(deal, cast.ada, by=cast.ada)
    with transaction():
        moves.move(deal, factories.stage_named(deal.pipeline, "Engaging"), by=cast.olive)
        notes.write(deal, "She\nlikes it", by=cast.olive)
        notes.write(deal, "Mine", by=cast.ada)
        owning.assign(deal, cast.tom, by=cast.olive)
    assert told(cast.ada) == [
        "Olive Owner moved Acme from New Opportunity to Engaging.",
        "Olive Owner wrote on Acme: She likes it",
        "Olive Owner made Tom Team the owner of Acme.",
    ]


def test_a_move_that_closes_is_told_once_and_a_status_alone_too(deal, cast):
    follow(deal, cast.ada, by=cast.ada)
    with transaction():
        moves.set_status(deal, Status.LOST, by=cast.olive, answers=Answers())
    assert told(cast.ada) == ["Olive Owner moved Acme from New Opportunity to Lost."]
    other = factories.deal(deal.pipeline, "Other", owner=cast.olive)
    follow(other, cast.ada, by=cast.ada)
    with transaction():
        moves.set_status(other, Status.ABANDONED, by=cast.olive)
    assert told(cast.ada)[1:] == ["Olive Owner marked Other abandoned."]


def test_who_lost_sight_of_it_is_told_nothing(deal, cast):
    follow(deal, cast.stan, by=cast.olive)
    with transaction():
        owning.unshare(deal, cast.stan, by=cast.olive)
        notes.write(deal, "Secret", by=cast.olive)
    assert told(cast.stan) == []
