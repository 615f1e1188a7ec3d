"""The bell and the page behind it: one's own only."""

from collections.abc import Callable

from sqlalchemy import select

from pipeline.domain import notifications, owning
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.notification import Notification
from pipeline.models.opportunity import ShareLevel
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

HERE = "/notifications"


def tell(user: User, text: str = "Look") -> Notification:
    with transaction():
        return notifications.tell(user, text, purpose=f"test:{text}")


def events(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_the_bell_counts_what_is_unread_and_the_page_lists_it(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    tell(cast.olive, "Books for Ana")
    olive = visit(cast.olive)
    assert "Notifications, 1 unread" in olive.get(f"{HERE}/bell", htmx=True).text
    assert "Books for Ana" in olive.get(HERE).text
    assert "Books for Ana" not in visit(cast.stan).get(HERE).text
    assert olive.post(f"{HERE}/reading").status_code == 303
    assert "unread" not in olive.get(f"{HERE}/bell", htmx=True).text


def test_reading_one_leads_on_to_what_it_is_about(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    with transaction():
        told = notifications.tell(cast.olive, "Look", purpose="test", opportunity=deal)
    answer = visit(cast.olive).post(f"{HERE}/{told.id}/reading")
    assert answer.location == f"/opportunities/{deal.id}"
    assert visit(cast.stan).post(f"{HERE}/{told.id}/reading").status_code == 404


def test_signed_out_goes_to_sign_in(client: object, cast: Cast) -> None:
    assert client.get(HERE).status_code == 303  # type: ignore[attr-defined]


def test_a_new_owner_is_told_unless_they_took_it_themselves(cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    with transaction():
        owning.assign(deal, cast.tom, by=cast.ada)
    with transaction():
        for event in events("owner_changed"):
            notifications.tell_new_owner(event)
            notifications.tell_new_owner(event)
    [told] = db.session.scalars(select(Notification))
    assert (told.user, told.text) == (cast.tom, "Ada Admin made you the owner of Acme.")
    with transaction():
        owning.assign(deal, cast.olive, by=cast.olive)
    with transaction():
        for event in events("owner_changed"):
            notifications.tell_new_owner(event)
    assert len(db.session.scalars(select(Notification)).all()) == 1


def test_who_gets_a_share_is_told(cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive)
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.olive)
    with transaction():
        notifications.tell_shared(events("opportunity_shared")[0])
    [told] = db.session.scalars(select(Notification))
    assert (told.user, told.text) == (cast.stan, "Olive Owner shared Acme with you.")


def test_the_bell_says_nothing_while_nothing_is_new(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    tell(cast.olive)
    olive = visit(cast.olive)
    assert olive.get(f"{HERE}/bell?known=1", htmx=True).status_code == 204
    tell(cast.olive, "And this")
    assert "2 unread" in olive.get(f"{HERE}/bell?known=1", htmx=True).text


def test_the_newest_are_shown_under_the_bell_and_read_there(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    first, *_ = [tell(cast.olive, f"News {number}") for number in range(12)]
    olive = visit(cast.olive)
    newest = olive.get(f"{HERE}/latest", htmx=True).text
    assert newest.count("<time") == 8
    assert "News 11" in newest
    answer = olive.post(f"{HERE}/{first.id}/noting", htmx=True).text
    assert "11 unread" in answer
    assert 'id="notices-latest"' in answer
    assert "unread" not in olive.post(f"{HERE}/reading", htmx=True).text.replace("notices-latest", "")


def test_noting_is_one_s_own_and_works_without_javascript(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    told = tell(cast.olive)
    assert visit(cast.stan).post(f"{HERE}/{told.id}/noting").status_code == 404
    assert visit(cast.olive).post(f"{HERE}/{told.id}/noting").location == HERE
