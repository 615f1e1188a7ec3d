from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pipeline.domain import owning
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel, StageMove, Status
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
Afresh = Callable[[], None]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deal(pipeline: Pipeline, cast: Cast) -> Opportunity:
    return factories.deal(pipeline, "Acme", owner=cast.olive)


def stage(pipeline: Pipeline, name: str) -> Stage:
    return factories.stage_named(pipeline, name)


def moves_of(deal: Opportunity) -> int:
    return db.session.scalar(select(func.count(StageMove.id)).where(StageMove.opportunity_id == deal.id)) or 0


def dialog(answer_text: str) -> BeautifulSoup:
    return BeautifulSoup(answer_text, "html.parser").find("dialog")  # type: ignore[return-value]


def test_the_menu_has_a_button_for_each_stage(visit: Visit, cast: Cast, deal: Opportunity) -> None:
    page = visit(cast.olive).soup(f"/opportunities/{deal.id}/moves/new")
    buttons = [button.select_one(".cut").get_text() for button in page.find_all("button", {"name": "stage_id"})]
    assert buttons[1:] == ["Contacting", "Engaging", "Qualified", "Closing", "Won", "Lost"]
    assert visit(cast.olive).get(f"/opportunities/{deal.id}/moves/new", htmx=True).text.strip().startswith("<dialog")


def test_a_move_without_htmx_goes_back_to_the_page_it_was_asked_from(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh
) -> None:
    answer = visit(cast.olive).post(
        f"/opportunities/{deal.id}/moves",
        stage_id=stage(pipeline, "Engaging").id,
        version=deal.version,
        back="/board?owner=mine",
    )
    assert (answer.status_code, answer.location) == (303, "/board?owner=mine")
    afresh()
    assert deal.stage.name == "Engaging"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_never_goes_back_to_another_site(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, back: str
) -> None:
    answer = visit(cast.olive).post(
        f"/opportunities/{deal.id}/moves", stage_id=stage(pipeline, "Engaging").id, back=back
    )
    assert answer.location == "/board"


def test_a_move_with_htmx_answers_with_both_heads_and_says_so(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity
) -> None:
    answer = visit(cast.olive).post(
        f"/opportunities/{deal.id}/moves",
        htmx=True,
        page="/board",
        stage_id=stage(pipeline, "Engaging").id,
        version=deal.version,
    )
    assert answer.status_code == 200
    heads = [stage.name for stage in pipeline.stages if f'id="stage-{stage.id}-head"' in answer.text]
    assert heads == ["New Opportunity", "Engaging"]
    assert "Moved Acme to Engaging." in answer.text


def test_the_fresh_columns_keep_the_filter_of_the_page(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity
) -> None:
    factories.deal(pipeline, "Tom's", owner=cast.tom)
    sent = {"stage_id": stage(pipeline, "Engaging").id, "version": deal.version}
    answer = visit(cast.olive).post(f"/opportunities/{deal.id}/moves", htmx=True, page="/board?owner=mine", **sent)
    assert "Acme" in answer.text
    assert "Tom&#39;s" not in answer.text


def test_asked_from_another_page_htmx_is_sent_back_there(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity
) -> None:
    sent = {"stage_id": stage(pipeline, "Engaging").id, "version": deal.version}
    answer = visit(cast.olive).post(f"/opportunities/{deal.id}/moves", htmx=True, page="/opportunities?q=a", **sent)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/opportunities?q=a")


def test_sending_the_same_move_twice_moves_once(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh
) -> None:
    sent = {"stage_id": stage(pipeline, "Engaging").id, "version": deal.version}
    for _ in range(2):
        assert visit(cast.olive).post(f"/opportunities/{deal.id}/moves", **sent).status_code == 303
    afresh()
    assert moves_of(deal) == 2  # its creation and this one


def test_a_card_lies_below_the_one_it_was_dropped_under(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh
) -> None:
    engaging = stage(pipeline, "Engaging")
    lower, upper = (factories.deal(pipeline, title, stage="Engaging") for title in ("Lower", "Upper"))
    visit(cast.olive).post(f"/opportunities/{deal.id}/moves", stage_id=engaging.id, after_id=upper.id, via="drag")
    afresh()
    assert upper.rank < deal.rank < lower.rank
    visit(cast.olive).post(f"/opportunities/{deal.id}/moves", stage_id=engaging.id, after_id=0)
    afresh()
    assert deal.rank < upper.rank


def test_everything_missing_is_asked_in_one_dialog_whose_form_moves(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh
) -> None:
    [_, trust] = factories.win_reasons(pipeline, "Price", "Trust")
    item = factories.required_item(deal.stage, "Budget confirmed")
    url, won = f"/opportunities/{deal.id}/moves", stage(pipeline, "Won")
    sent = {"stage_id": won.id, "version": deal.version, "back": "/board"}
    answer = visit(cast.olive).post(url, htmx=True, page="/board", **sent)
    asked = dialog(answer.text)
    assert answer.status_code == 422
    assert asked.find("label", string="Budget confirmed")
    assert [option.get_text() for option in asked.find_all("option")][1:] == ["Price", "Trust"]
    carried = {field["name"]: field["value"] for field in asked.find_all("input", {"type": "hidden"})}
    carried.pop("csrf_token")
    afresh()
    assert deal.stage.name == "New Opportunity"
    done = visit(cast.olive).post(url, **carried, ticks=item.id, reason_id=trust.id, note="They know us")
    assert done.status_code == 303
    afresh()
    assert (deal.status, deal.reason, deal.reason_note) == (Status.WON, trust, "They know us")
    assert deal.ticked_item_ids == {item.id}


def test_answers_given_so_far_are_kept_when_something_is_still_missing(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity
) -> None:
    factories.loss_reasons(pipeline, "Price")
    sent = {"stage_id": stage(pipeline, "Lost").id, "note": "Too dear", "back": "/board"}
    page = visit(cast.olive).post(f"/opportunities/{deal.id}/moves", **sent)
    assert page.status_code == 422
    assert "Too dear" in page.text


def test_a_required_reason_that_nobody_wrote_yet_says_who_can(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity
) -> None:
    factories.loss_reasons(pipeline)
    page = visit(cast.olive).post(f"/opportunities/{deal.id}/moves", stage_id=stage(pipeline, "Lost").id)
    assert "An administrator adds reasons" in page.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_move_made_meanwhile_is_a_conflict_that_names_it_and_may_be_overruled(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh, *, htmx: bool
) -> None:
    url, seen = f"/opportunities/{deal.id}/moves", deal.version
    visit(cast.ada).post(url, stage_id=stage(pipeline, "Qualified").id, version=seen)
    mine = {"stage_id": stage(pipeline, "Contacting").id, "version": seen, "back": "/board"}
    answer = visit(cast.olive).post(url, htmx=htmx, page="/board", **mine)
    asked = dialog(answer.text)
    assert answer.status_code == 409
    assert "Ada Admin moved it to Qualified meanwhile" in asked.get_text()
    afresh()
    assert deal.stage.name == "Qualified"
    fresh = asked.find("input", {"name": "version"})["value"]  # type: ignore[index]
    assert visit(cast.olive).post(url, **{**mine, "version": fresh}).status_code == 303
    afresh()
    assert deal.stage.name == "Contacting"


@pytest.mark.parametrize(
    "sent",
    [{}, {"stage_id": ""}, {"stage_id": "first"}, {"stage_id": "-1"}, {"stage_id": "9" * 30}, {"stage_id": "424242"}],
)
def test_nonsense_is_refused(visit: Visit, cast: Cast, deal: Opportunity, sent: dict[str, str]) -> None:
    assert visit(cast.olive).post(f"/opportunities/{deal.id}/moves", **sent).status_code == 422


@pytest.mark.parametrize("field", ["version", "after_id", "reason_id"])
def test_nonsense_beside_the_stage_is_refused(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, field: str
) -> None:
    sent = {"stage_id": stage(pipeline, "Engaging").id, field: "x"}
    assert visit(cast.olive).post(f"/opportunities/{deal.id}/moves", **sent).status_code == 422


def test_strangers_viewers_and_the_signed_out_may_not(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, client: FlaskClient
) -> None:
    url = f"/opportunities/{deal.id}/moves"
    assert visit(cast.stan).get(f"{url}/new").status_code == 404
    assert visit(cast.stan).post(url, stage_id=stage(pipeline, "Engaging").id).status_code == 404
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    assert visit(cast.stan).get(f"{url}/new").status_code == 403
    assert visit(cast.stan).post(url, stage_id=stage(pipeline, "Engaging").id).status_code == 403
    assert client.get(f"{url}/new").location.startswith("/sign-in")


def test_a_status_is_set_from_the_record_and_may_be_taken_back(
    visit: Visit, cast: Cast, pipeline: Pipeline, deal: Opportunity, afresh: Afresh
) -> None:
    url = f"/opportunities/{deal.id}/status"
    answer = visit(cast.olive).post(url, status="won", version=deal.version, back="record")
    assert answer.location == f"/opportunities/{deal.id}"
    afresh()
    assert (deal.status, deal.stage.name) == (Status.WON, "Won")
    visit(cast.olive).post(url, status="open", version=deal.version)
    afresh()
    assert (deal.status, deal.stage.name) == (Status.OPEN, "New Opportunity")


def test_a_status_without_a_stage_of_its_own_asks_for_the_reason_too(visit: Visit, cast: Cast, afresh: Afresh) -> None:
    feedback = factories.sales_pipeline("Feedback", template="feedback")
    [price] = factories.loss_reasons(feedback, "Price")
    deal = factories.deal(feedback, "Ana", owner=cast.olive)
    url, sent = f"/opportunities/{deal.id}/status", {"status": "lost", "back": "/board"}
    answer = visit(cast.olive).post(url, **sent)
    assert answer.status_code == 422
    assert dialog(answer.text).form["action"] == url  # type: ignore[index]
    visit(cast.olive).post(url, **sent, reason_id=price.id)
    afresh()
    assert (deal.status, deal.stage.name) == (Status.LOST, "Ask for feedback")


def test_a_status_that_is_none_is_refused(visit: Visit, cast: Cast, deal: Opportunity) -> None:
    assert visit(cast.olive).post(f"/opportunities/{deal.id}/status", status="sold").status_code == 422
