"""What each request asks of the database before its own questions: one thing, whoever comes and whatever waits."""

from collections.abc import Callable

import pytest
from flask import Flask

from pipeline.domain import notifications
from pipeline.extensions import db
from pipeline.models.installation import Installation
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
PAGE = "/settings/profile"


@pytest.mark.parametrize("name", ["ada", "olive", "tom", "stan"])
def test_who_comes_is_asked_once_with_their_rights_and_the_bell(visit: Visit, cast: Cast, name: str) -> None:
    visitor = visit(cast[name])
    visitor.get(PAGE)
    with statements() as asked:
        visitor.get(PAGE)
    assert len(asked) == 1, asked


def test_in_a_demo_the_clock_is_asked_along(app: Flask, visit: Visit, cast: Cast) -> None:
    with transaction():
        db.session.add(Installation(id=1, is_demo=True))
    app.extensions["is_demo"] = None
    try:
        visitor = visit(cast.olive)
        with statements() as asked:
            assert "+1 day" in visitor.get(PAGE).text
        assert len(asked) == 1, asked
    finally:
        app.extensions["is_demo"] = None


def test_rights_are_read_again_once_by_a_change(visit: Visit, cast: Cast) -> None:
    with statements() as asked:
        assert visit(cast.olive).post("/notifications/reading").status_code == 303
    people = [statement for statement in asked if "FROM users" in statement]
    assert len(people) <= 2, "once by whom it was sent, once inside the transaction"
    assert not [statement for statement in asked if "FROM memberships" in statement]


def test_every_page_knows_what_waits_under_the_bell(visit: Visit, cast: Cast) -> None:
    with transaction():
        notifications.tell(cast.olive, "Look", purpose="test")
    assert visit(cast.olive).soup(PAGE).find(id="bell")["aria-label"] == "Notifications, 1 unread"
    assert visit(cast.tom).soup(PAGE).find(id="bell")["aria-label"] == "Notifications"
