"""Saved views: kept, opened, changed by those who may, and shared without showing anybody what they may not see."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from pipeline.domain import saved_views, stage_retirement
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.pipeline import Pipeline
from pipeline.models.saved_view import Place, SavedView
from pipeline.queries import settings_retirement
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]
WON = "/opportunities?status=won&sort=-value&columns=title,value"


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def saved(visitor: Visitor, page: str = WON, name: str = "Wins", **fields: str) -> str:
    """Save what a page shows, and say where that leads."""
    answer = visitor.post("/views", name=name, back=page, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def kept(place: Place = Place.LIST) -> SavedView:
    """The one view of that place, as others wrote it."""
    db.session.rollback()
    return db.session.scalars(select(SavedView).where(SavedView.place == place)).one()


def tabs(page: BeautifulSoup) -> list[str]:
    return [tab.get_text(strip=True) for tab in page.select(".view")]


def titles(page: BeautifulSoup) -> list[str]:
    return [line.th.get_text(strip=True).removesuffix("Rename") for line in page.select("tbody tr")]


def test_what_the_list_shows_is_kept_with_its_order_and_columns(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    for title, value in (("Small", 1), ("Big", 900)):
        factories.deal(pipeline, title, stage="Won", typed_value=value)
    opened = visit(cast.ada).soup(saved(visit(cast.ada)))
    assert titles(opened) == ["Big", "Small"]
    assert [heading.get_text(strip=True) for heading in opened.select("thead th")][:2] == ["Title", "Value"]
    assert opened.select_one(".view[aria-current]").get_text(strip=True) == "Wins"
    assert "Unsaved" not in opened.get_text()


def test_a_view_that_was_left_says_so_and_can_be_updated(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    number = parse_qs(urlsplit(saved(visitor)).query)["view"][0]
    changed = f"/opportunities?view={number}&status=lost&columns=title"
    assert "Unsaved changes" in visitor.soup(changed).get_text()
    answer = visitor.post(f"/views/{number}/contents", back=changed)
    assert "status=lost" in answer.headers["Location"]
    assert "Unsaved" not in visitor.soup(answer.headers["Location"]).get_text()


def test_a_private_view_is_nobody_elses(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    saved(visit(cast.olive))
    view = kept()
    for person in (cast.ada, cast.stan):
        assert "Wins" not in tabs(visit(person).soup("/opportunities"))
        for url in (f"/views/{view.id}", f"/views/{view.id}/contents", f"/views/{view.id}/deletion"):
            assert visit(person).post(url, name="Mine now").status_code == 404


def test_a_shared_view_is_everyones_to_open_and_its_owners_to_change(
    pipeline: Pipeline, cast: Cast, visit: Visit, afresh: Callable[[], None]
) -> None:
    factories.deal(pipeline, "Hers", stage="Won", owner=cast.olive)
    factories.deal(pipeline, "His", stage="Won", owner=cast.stan)
    address = saved(visit(cast.olive), shared="on")
    view = kept()
    assert titles(visit(cast.stan).soup(address)) == ["His"]
    assert "Unsaved" in visit(cast.stan).soup(f"{address}&q=x").get_text()
    assert not visit(cast.stan).soup(f"{address}&q=x").select("form[action$=contents]")
    for url in (f"/views/{view.id}/contents", f"/views/{view.id}/deletion"):
        assert visit(cast.stan).post(url).status_code == 403
    visit(cast.stan).post(f"/views/{view.id}", name="Stolen")
    visit(cast.ada).post(f"/views/{view.id}", name="All wins", shared="on")
    afresh()
    assert db.session.get_one(SavedView, view.id).name == "All wins"


def test_a_list_and_a_board_may_open_with_a_view(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    saved(visitor, opening="on")
    saved(visitor, f"/board/{pipeline.id}?owner=mine", "My board", opening="on")
    assert "status=won" in visitor.get("/opportunities").headers["Location"]
    assert visitor.get("/opportunities?status=open").status_code == 200
    assert visitor.get("/board").headers["Location"].startswith(f"/board/{pipeline.id}?view=")
    assert visitor.get(f"/board/{pipeline.id}").status_code == 200
    assert visit(cast.stan).get("/opportunities").status_code == 200
    view = kept()
    visitor.post(f"/views/{view.id}", name="Wins")
    assert visitor.get("/opportunities").status_code == 200


def test_a_deleted_view_can_be_brought_back_and_all_is_written_down(
    pipeline: Pipeline, cast: Cast, visit: Visit
) -> None:
    visitor = visit(cast.olive)
    saved(visitor, opening="on")
    view = kept()
    gone = visitor.post(f"/views/{view.id}/deletion").headers["Location"]
    page = visitor.soup(gone)
    assert "Wins" not in tabs(page)
    assert visitor.get("/opportunities").status_code == 200
    visitor.post(page.select_one(".notice form")["action"])
    assert "Wins" in tabs(visitor.soup("/opportunities?status=open"))
    assert visit(cast.stan).post(f"/views/{view.id}/restoration").status_code == 404
    db.session.rollback()
    kinds = db.session.scalars(select(Event.kind).where(Event.kind.startswith("view_")).order_by(Event.id)).all()
    assert kinds == ["view_saved", "view_deleted", "view_restored"]


def test_a_name_is_asked_for_once_and_taken_once(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert visitor.post("/views", name="  ", back=WON).status_code == 422
    saved(visitor)
    refused = visitor.post("/views", name="wins", back=WON, htmx=True)
    assert refused.status_code == 422
    assert "already a view wins" in refused.text
    assert "<dialog" in visitor.get("/views/new", htmx=True, page=WON).text


def test_a_name_that_everyone_sees_already_is_refused_at_its_field(
    pipeline: Pipeline, cast: Cast, visit: Visit
) -> None:
    saved(visit(cast.ada), shared="on")
    refused = BeautifulSoup(visit(cast.olive).post("/views", name="wins", back=WON).text, "html.parser")
    assert refused.select_one("#view-name[aria-invalid]")
    assert "Ada Admin shares a view Wins with everyone" in refused.select_one("#view-name-error").get_text()
    assert tabs(visit(cast.olive).soup(WON)).count("Wins") == 1


def test_a_view_that_is_shared_under_ones_own_name_for_another_is_told_from_it(
    pipeline: Pipeline, cast: Cast, visit: Visit
) -> None:
    saved(visit(cast.olive))
    mine = kept().id
    saved(visit(cast.ada), shared="on")
    olive = visit(cast.olive)
    assert [tab for tab in tabs(olive.soup(WON)) if "Wins" in tab] == ["Wins(yours)", "Wins(shared)"]
    assert "Wins" in tabs(visit(cast.ada).soup(WON))
    assert olive.post(f"/views/{mine}", name="Wins", opening="on", back=WON).status_code == 303
    assert olive.post(f"/views/{mine}", name="Wins", shared="on", back=WON).status_code == 422


def test_what_is_gone_leaves_the_view_open_and_said(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    stage = factories.stage_named(pipeline, "Qualified")
    factories.deal(pipeline, "Here")
    address = saved(visit(cast.ada), f"/opportunities?stage={stage.id}", "Qualified ones")
    assert kept().name == "Qualified ones"
    assert settings_retirement.preview(stage, None).views == 1
    with transaction():
        stage_retirement.retire(stage, None, by=cast.ada)
    page = visit(cast.ada).soup(address)
    assert titles(page) == ["Here"]
    assert "The stage Qualified is not in use any more" in page.select_one(".notice.warn").get_text()
    assert "Unsaved" not in page.get_text()


def test_views_cost_the_list_no_question_more(pipeline: Pipeline, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.olive)

    def asked() -> int:
        with statements() as sent:
            visitor.get("/opportunities?status=open")
        return len(sent)

    none = asked()
    for number in range(12):
        with transaction():
            saved_views.save(f"View {number}", Place.LIST, "status=won", by=cast.olive, shared=True)
    assert asked() == none <= 6


def test_signed_out_goes_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert "/sign-in" in client.get("/views/new").headers["Location"]
