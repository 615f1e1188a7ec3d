"""Taking a move back from its toast: with htmx, by a plain form, and by nobody else."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from pipeline.domain import activities, moves, owning
from pipeline.domain.via import Via
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named
from tests.support.visiting import Visitor


def move(deal: Opportunity, to: str, by: User) -> int:
    with transaction():
        change = moves.move(deal, stage_named(deal.pipeline, to), by=by, via=Via.MENU)
    assert change is not None
    return change.id


def way_back(page: str) -> Tag:
    """The form on the toast."""
    found = BeautifulSoup(page, "html.parser").select_one("toast-note form")
    assert isinstance(found, Tag)
    return found


def fields(form: Tag) -> dict[str, str]:
    hidden = form.find_all("input", {"type": "hidden"})
    return {field["name"]: field["value"] for field in hidden if field["name"] != "csrf_token"}


def test_a_moves_toast_offers_to_take_it_back_for_as_long_as_it_can_be(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, afresh: Callable[[], None]
) -> None:
    sent = {"stage_id": stage_named(pipeline, "Engaging").id, "page": "/board", "htmx": True}
    said = olive.post(f"/opportunities/{deal.id}/moves", **sent).text
    form = way_back(said)
    assert form.find("button", {"data-key": "u"}).get_text(strip=True) == "Undo"
    assert 'data-seconds="30"' in said
    answer = olive.post(str(form["action"]), htmx=True, page="/board", **fields(form))
    assert answer.status_code == 200
    assert "Acme is back in New Opportunity." in answer.text
    for name in ("New Opportunity", "Engaging"):
        assert f'id="stage-{stage_named(pipeline, name).id}-' in answer.text
    afresh()
    assert deal.stage.name == "New Opportunity"


def test_without_javascript_the_flash_carries_a_plain_form(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, afresh: Callable[[], None]
) -> None:
    olive.post(
        f"/opportunities/{deal.id}/moves", stage_id=stage_named(pipeline, "Engaging").id, back="/board?owner=mine"
    )
    form = way_back(olive.get("/board?owner=mine").text)
    answer = olive.post(str(form["action"]), **fields(form))
    assert (answer.status_code, answer.location) == (303, "/board?owner=mine")
    afresh()
    assert deal.stage.name == "New Opportunity"


def test_the_key_reaches_it_from_the_pages_opened_since_until_it_is_used(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity
) -> None:
    olive.post(f"/opportunities/{deal.id}/status", status="abandoned")
    olive.get("/board")
    later = olive.soup("/opportunities").find("button", {"data-key": "u"})
    assert later is not None
    form = later.find_parent("form")
    olive.post(form["action"], **fields(form))
    olive.get("/board")
    assert olive.soup("/opportunities").find("button", {"data-key": "u"}) is None


def test_a_second_time_it_says_so_kindly(olive: Visitor, deal: Opportunity, cast: Cast) -> None:
    change = move(deal, "Engaging", cast.olive)
    answers = [olive.post(f"/opportunities/{deal.id}/undo", htmx=True, page="/board", change=change) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "That was taken back already; Acme is in New Opportunity." in answers[1].text


def test_what_somebody_moved_on_is_409_with_who_and_stays(
    olive: Visitor, deal: Opportunity, cast: Cast, afresh: Callable[[], None]
) -> None:
    change = move(deal, "Engaging", cast.olive)
    move(deal, "Qualified", cast.ada)
    answer = olive.post(f"/opportunities/{deal.id}/undo", htmx=True, page="/board", change=change)
    assert answer.status_code == 409
    assert "Ada Admin moved it to Qualified" in answer.text
    afresh()
    assert deal.stage.name == "Qualified"


def test_where_undo_is_switched_off_nothing_is_offered(olive: Visitor, pipeline: Pipeline, deal: Opportunity) -> None:
    factories.no_undo()
    said = olive.post(
        f"/opportunities/{deal.id}/moves", htmx=True, page="/board", stage_id=stage_named(pipeline, "Engaging").id
    )
    assert "Moved Acme to Engaging." in said.text
    assert "Undo" not in said.text


@pytest.mark.parametrize("change", ["x", "-1", "99999", None])
def test_nonsense_and_nothing_to_undo_are_refused(olive: Visitor, deal: Opportunity, change: str | None) -> None:
    assert olive.post(f"/opportunities/{deal.id}/undo", change=change).status_code == 422


def test_others_strangers_and_the_signed_out_may_not(
    visit: Callable[[User], Visitor], deal: Opportunity, cast: Cast, client: FlaskClient
) -> None:
    change, url = move(deal, "Engaging", cast.olive), f"/opportunities/{deal.id}/undo"
    assert visit(cast.ada).post(url, change=change).status_code == 403
    assert visit(cast.stan).post(url, change=change).status_code == 404
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    assert visit(cast.stan).post(url, change=change).status_code == 403
    assert client.post(url).location.startswith("/sign-in")


def test_what_was_deleted_comes_back_from_its_toast(
    visit: Callable[[User], Visitor], deal: Opportunity, cast: Cast, afresh: Callable[[], None]
) -> None:
    ada = visit(cast.ada)
    ada.post(f"/opportunities/{deal.id}/deletion")
    form = way_back(ada.get("/opportunities/deleted").text)
    ada.post(str(form["action"]), **fields(form))
    afresh()
    assert deal.deleted_at is None


def test_a_task_that_was_ticked_off_is_opened_again_from_its_toast(
    olive: Visitor, deal: Opportunity, cast: Cast, afresh: Callable[[], None]
) -> None:
    with transaction():
        task = activities.plan(deal, "Call Ana", by=cast.olive)
    said = olive.post(f"/activities/{task.id}/completion", htmx=True, page="/today", place="today").text
    form = way_back(said)
    assert olive.post(str(form["action"]), htmx=True, page="/today", **fields(form)).status_code == 200
    afresh()
    assert not task.is_done
