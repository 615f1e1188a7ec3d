"""A few are changed while one waits: it is said where one was, with the way back, and only trouble has a page."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.domain import installation
from pipeline.domain.bulk import runs
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkRun
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.blueprints.bulk.conftest import ids
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
LIST = "/opportunities?status=open"


def run_of(afresh: Callable[[], None]) -> BulkRun:
    afresh()
    return db.session.scalars(select(BulkRun).order_by(BulkRun.id.desc()).limit(1)).one()


def assigned(cast: Cast, deals: list[Opportunity], **more: Any) -> dict[str, Any]:
    return {"verb": "assign", "ids": ids(deals), "owner_id": cast.tom.id, "expected": len(deals), "back": LIST, **more}


def test_the_page_stands_where_it_was_and_offers_the_way_back(
    visit: Visit, cast: Cast, deals: list[Opportunity], afresh: Callable[[], None]
) -> None:
    olive = visit(cast.olive)
    assert olive.post("/bulk", htmx=True, page=LIST, **assigned(cast, deals)).headers["HX-Refresh"] == "true"
    run = run_of(afresh)
    assert (run.done, run.is_running) == (3, False)
    [toast] = olive.soup(LIST).select("toast-note")
    assert "Assign to Tom Team: 3 assigned." in toast.get_text()
    assert toast.select_one("form")["action"] == f"/bulk/{run.id}/undo"

    assert olive.post(f"/bulk/{run.id}/undo", htmx=True, page=LIST, back="").headers["HX-Refresh"] == "true"
    [toast] = olive.soup(LIST).select("toast-note")
    assert "3 put back" in toast.get_text()
    assert toast.select_one("form") is None
    afresh()
    assert {deal.owner_id for deal in deals} == {cast.olive.id}


def test_from_another_page_and_without_javascript_it_leads_back(
    visit: Visit, cast: Cast, deals: list[Opportunity]
) -> None:
    olive, sent = visit(cast.olive), assigned(cast, deals)
    assert olive.post("/bulk", htmx=True, page="/board", **sent).headers["HX-Redirect"] == LIST
    assert olive.post("/bulk", **sent | {"owner_id": cast.olive.id}).headers["Location"] == LIST
    assert "3 assigned" in olive.get(LIST).text


def test_a_slow_machine_does_them_in_turns(
    visit: Visit, cast: Cast, deals: list[Opportunity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "A_MOMENT", 0)
    olive = visit(cast.olive)
    assert olive.post("/bulk", **assigned(cast, deals)).headers["Location"] == LIST
    assert "3 assigned" in olive.get(LIST).text


def test_who_sees_how_it_went_is_not_told_by_the_bell(
    visit: Visit, cast: Cast, deals: list[Opportunity], afresh: Callable[[], None]
) -> None:
    visit(cast.olive).post("/bulk", **assigned(cast, deals))
    afresh()
    told = db.session.scalars(select(Notification.user_id)).all()
    assert told == [cast.tom.id]


def test_what_the_workers_find_of_it_is_done_already(
    visit: Visit, cast: Cast, deals: list[Opportunity], afresh: Callable[[], None]
) -> None:
    visit(cast.olive).post("/bulk", **assigned(cast, deals))
    run = run_of(afresh)
    with transaction():
        runs.go_on(run.id)
    assert (run.done, run.unchanged) == (3, 0)


def test_refusals_have_a_page(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity], afresh: Callable[[], None]
) -> None:
    factories.required_item(deals[0].stage, "Budget confirmed")
    stage = factories.stage_named(sales, "Qualified")
    sent = {"verb": "move", "ids": ids(deals), "stage_id": stage.id, "expected": 3, "back": LIST}
    answer = visit(cast.olive).post("/bulk", htmx=True, page=LIST, **sent)
    assert answer.headers["HX-Redirect"] == f"/bulk/{run_of(afresh).id}"


def test_where_nothing_is_to_be_undone_at_once_it_is_not_offered(
    visit: Visit, cast: Cast, deals: list[Opportunity]
) -> None:
    with transaction():
        installation.kept().undo_seconds = 0
    olive = visit(cast.olive)
    olive.post("/bulk", **assigned(cast, deals))
    [toast] = olive.soup(LIST).select("toast-note")
    assert "3 assigned" in toast.get_text()
    assert toast.select_one("form") is None


@pytest.mark.parametrize("page", ["/bulk", "/bulk/7?page=2"])
def test_from_the_page_of_a_change_it_leads_to_its_own(
    visit: Visit, cast: Cast, deals: list[Opportunity], afresh: Callable[[], None], page: str
) -> None:
    answer = visit(cast.olive).post("/bulk", **assigned(cast, deals, back=page))
    assert answer.headers["Location"] == f"/bulk/{run_of(afresh).id}"
