"""Users, managed by administrators."""

from collections.abc import Callable

import pytest

from pipeline.extensions import db
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import Group, GroupKind, User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


def group(kind: GroupKind) -> Group:
    return db.session.scalars(db.select(Group).where(Group.kind == kind)).one()


def fields(**changed: object) -> dict[str, object]:
    return {"name": "Nia New", "email": "nia@example.com", "time_zone": "UTC", "locale": "en", "may_add": "y"} | changed


def test_an_invitation_makes_a_user_and_mails_a_link(cast: Cast, visit: Visit, afresh: Callable[[], None]) -> None:
    reps = group(GroupKind.SALES_REPS)
    assert visit(cast.ada).post("/settings/users", **fields(groups=[reps.id])).status_code == 303
    afresh()
    nia = db.session.scalars(db.select(User).where(User.email == "nia@example.com")).one()
    assert (nia.is_rep, nia.may_add, nia.may_delete) == (True, True, False)
    mail = db.session.scalars(db.select(Mail)).one()
    assert mail.to_address == "nia@example.com"
    assert "/passwords/invitation/" in mail.text


@pytest.mark.parametrize("wrong", [{"email": "olive@example.com"}, {"email": "nonsense"}, {"name": " "}])
def test_a_wrong_invitation_is_asked_again_and_keeps_nothing(
    cast: Cast, visit: Visit, afresh: Callable[[], None], wrong: dict[str, str]
) -> None:
    assert visit(cast.ada).post("/settings/users", **fields(**wrong)).status_code == 422
    afresh()
    assert db.session.scalar(db.select(db.func.count(User.id))) == 5


def test_pages_show_users_and_a_user(cast: Cast, visit: Visit) -> None:
    assert "Olive Owner" in visit(cast.ada).get("/settings/users").text
    assert visit(cast.ada).get(f"/settings/users/{cast.olive.id}").status_code == 200
    assert visit(cast.ada).get("/settings/users/new").status_code == 200
    assert visit(cast.ada).get("/settings/users/4711").status_code == 404


@pytest.mark.parametrize("path", ["/settings/users", "/settings/users/new", "/settings/users/1", "/settings/groups"])
def test_only_administrators_get_there(cast: Cast, visit: Visit, path: str) -> None:
    assert visit(cast.olive).get(path).status_code == 403


def test_the_last_administrator_stays_one(cast: Cast, visit: Visit, afresh: Callable[[], None]) -> None:
    answer = visit(cast.ada).post(
        f"/settings/users/{cast.ada.id}", **fields(name="Ada", email="ada@example.com", groups=[])
    )
    assert answer.status_code == 422
    assert "last administrator" in answer.text
    afresh()
    assert cast.ada.is_admin


def test_who_owns_open_deals_hands_them_over_before_leaving(
    cast: Cast, visit: Visit, afresh: Callable[[], None]
) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.stan)
    ada = visit(cast.ada)
    assert ada.post(f"/settings/users/{cast.stan.id}/deactivation").status_code == 422
    assert ada.post(f"/settings/users/{cast.stan.id}/successor", to=cast.tom.id).status_code == 303
    assert ada.post(f"/settings/users/{cast.stan.id}/deactivation").status_code == 303
    afresh()
    assert db.session.get_one(Opportunity, deal.id).owner == cast.tom
    assert not cast.stan.is_active
    assert visit(cast.stan).get("/settings/profile").status_code == 303, "signed out"
    assert ada.post(f"/settings/users/{cast.stan.id}/reactivation").status_code == 303


def test_a_rep_with_open_deals_stays_a_rep(cast: Cast, visit: Visit) -> None:
    factories.deal(factories.sales_pipeline(), owner=cast.stan)
    answer = visit(cast.ada).post(
        f"/settings/users/{cast.stan.id}", **fields(name="Stan", email="stan@example.com", groups=[])
    )
    assert answer.status_code == 422
    assert "hand them over" in answer.text


def test_a_team_gets_members_and_a_manager(cast: Cast, visit: Visit, afresh: Callable[[], None]) -> None:
    ada = visit(cast.ada)
    assert ada.post("/settings/groups", name="North", kind="team").status_code == 303
    afresh()
    north = db.session.scalars(db.select(Group).where(Group.name == "North")).one()
    sent = {"name": "North", "member": [cast.stan.id, cast.tom.id], "manager": [cast.stan.id]}
    assert ada.post(f"/settings/groups/{north.id}", **sent).status_code == 303
    afresh()
    assert cast.stan.managed_group_ids == [north.id]
    assert ada.get(f"/settings/groups/{north.id}").status_code == 200
    assert ada.post(f"/settings/groups/{north.id}/deletion").status_code == 303
    afresh()
    assert cast.stan.managed_group_ids == []


def test_a_group_that_rules_hang_on_cannot_go(cast: Cast, visit: Visit) -> None:
    ada = visit(cast.ada)
    assert ada.post(f"/settings/groups/{group(GroupKind.SALES_REPS).id}/deletion").status_code == 422
    assert ada.post("/settings/groups", name="sales REPS", kind="other").status_code == 422


def test_ones_own_profile_and_password(cast: Cast, visit: Visit, afresh: Callable[[], None]) -> None:
    from pipeline.domain import people
    from pipeline.transaction import transaction

    with transaction():
        people.set_password(cast.olive, "my first password", by=cast.olive)
    olive = visit(cast.olive)
    elsewhere = visit(cast.olive)
    assert olive.post("/settings/profile", name="Olive O", time_zone="Asia/Tokyo", locale="de").status_code == 303
    wrong = {"present": "not this one", "password": "my second password"}
    assert olive.post("/settings/profile/password", **wrong).status_code == 422
    assert olive.post("/settings/profile/password", **wrong | {"present": "my first password"}).status_code == 303
    afresh()
    assert (cast.olive.name, cast.olive.time_zone) == ("Olive O", "Asia/Tokyo")
    assert olive.get("/settings/profile").status_code == 200
    assert elsewhere.get("/settings/profile").status_code == 303, "signed out elsewhere"
