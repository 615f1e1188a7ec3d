"""Who may see and do what: own, shared, of one's team, or all."""

import pytest
from flask import Flask

from pipeline.domain import access, owning
from pipeline.domain.access import Permission
from pipeline.domain.rules import NotAllowed, NotVisible
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def toms(cast: Cast) -> Opportunity:
    """A deal of Tom, who is on the team that Olive manages."""
    return factories.deal(factories.sales_pipeline(), "Tom's deal", owner=cast.tom)


def seen_by(cast: Cast) -> set[str]:
    return {
        name
        for name in ("ada", "olive", "tom", "stan", "guy")
        if db.session.scalar(db.select(Opportunity.id).where(access.visible_opportunities(cast[name])))
    }


def test_owners_their_managers_and_admins_see_a_deal(cast: Cast, toms: Opportunity) -> None:
    assert seen_by(cast) == {"ada", "olive", "tom"}


def test_being_on_a_team_shows_nothing_of_its_managers_deals(cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), owner=cast.olive)
    assert seen_by(cast) == {"ada", "olive"}


def test_a_share_shows_it_and_its_end_hides_it(cast: Cast, toms: Opportunity) -> None:
    with transaction():
        owning.share(toms, cast.stan, ShareLevel.READ, by=cast.tom)
    assert "stan" in seen_by(cast)
    with transaction():
        owning.unshare(toms, cast.stan, by=cast.tom)
    assert "stan" not in seen_by(cast)


def test_who_may_view_all_sees_all(cast: Cast, toms: Opportunity) -> None:
    with transaction():
        cast.guy.may_view_all = True
    assert "guy" in seen_by(cast)


def test_what_one_may_not_see_does_not_exist(cast: Cast, toms: Opportunity) -> None:
    with pytest.raises(NotVisible):
        access.opportunity(toms.id, to=cast.stan)
    with pytest.raises(NotVisible):
        access.contact(toms.contact_id, to=cast.stan)
    assert access.contact(toms.contact_id, to=cast.tom).id == toms.contact_id


@pytest.mark.parametrize(
    ("level", "expected"), [(ShareLevel.READ, pytest.raises(NotAllowed)), (ShareLevel.WRITE, None)]
)
def test_a_reader_may_look_and_a_writer_may_work(
    cast: Cast, toms: Opportunity, level: ShareLevel, expected: "pytest.RaisesExc[NotAllowed] | None"
) -> None:
    with transaction():
        owning.share(toms, cast.stan, level, by=cast.tom)
    if expected is None:
        access.refuse_unless_editable(toms, by=cast.stan)
    else:
        with expected:
            access.refuse_unless_editable(toms, by=cast.stan)


def test_a_writer_may_not_hand_the_deal_over(cast: Cast, toms: Opportunity) -> None:
    with transaction():
        owning.share(toms, cast.stan, ShareLevel.WRITE, by=cast.tom)
    with pytest.raises(NotAllowed), transaction():
        owning.assign(toms, cast.stan, by=cast.stan)


def test_nobody_without_a_job_may_do_anything(app: Flask, cast: Cast) -> None:
    cast.olive.is_active = False
    assert not any(access.can(cast.olive, permission) for permission in Permission)


@pytest.mark.parametrize("level", [None, ShareLevel.READ, ShareLevel.WRITE])
def test_a_query_says_who_may_change_and_hand_over_a_deal_as_the_rules_do(
    cast: Cast, toms: Opportunity, level: ShareLevel | None
) -> None:
    if level:
        with transaction():
            owning.share(toms, cast.stan, level, by=cast.tom)
    for name in ("ada", "olive", "tom", "stan", "guy"):
        asked = db.select(access.editable_opportunities(cast[name]), access.transferable_opportunities(cast[name]))
        said = db.session.execute(asked.where(Opportunity.id == toms.id)).one()
        assert tuple(map(bool, said)) == (access.may_edit(cast[name], toms), access.may_hand_over(cast[name], toms))
