"""The settings of pipelines: a page for admins, whose forms work with htmx and without."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from pipeline.domain import moves
from pipeline.extensions import db
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Outcome, Pipeline, StageKind
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
Afresh = Callable[[], None]
ROOT = "/settings/pipelines"


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def settings_of(pipeline: Pipeline, **changed: object) -> dict[str, object]:
    """What the form sends when nothing is changed, but for this."""
    won, lost = pipeline.stage_of_kind(StageKind.WON), pipeline.stage_of_kind(StageKind.LOST)
    sent = {
        "name": pipeline.name,
        "currency": pipeline.currency,
        "active": [stage.id for stage in pipeline.stages if stage.is_active],
        "default_stage": pipeline.default_stage_id or "",
        "win_stage": won.id if won else "",
        "loss_stage": lost.id if lost else "",
        "requires_win_reason": "y" if pipeline.requires_win_reason else None,
        "requires_loss_reason": "y" if pipeline.requires_loss_reason else None,
        "rotting_days": pipeline.rotting_days,
    }
    return {**sent, **changed}


def test_settings_open_at_the_first_section(cast: Cast, visit: Visit) -> None:
    assert visit(cast.olive).get("/settings").location == "/settings/profile"


def test_the_list_counts_what_is_in_each(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    factories.deal(sales, "a")
    factories.deal(sales, "b", stage="Won")
    cells = [cell.get_text(strip=True) for cell in visit(cast.ada).soup(ROOT).select("tbody tr td")]
    assert cells == ["USD", "7", "1", "1"]


def test_the_list_asks_the_same_however_many_there_are(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    ada = visit(cast.ada)
    ada.get(ROOT)
    with statements() as few:
        ada.get(ROOT)
    for number in range(6):
        factories.sales_pipeline(f"Sales {number}")
    with statements() as many:
        ada.get(ROOT)
    assert len(many) == len(few)


def test_an_empty_list_says_what_to_do(cast: Cast, visit: Visit) -> None:
    assert "Start one from a template" in visit(cast.ada).get(ROOT).text


def test_a_new_one_starts_from_a_template(cast: Cast, visit: Visit, afresh: Afresh) -> None:
    ada = visit(cast.ada)
    page = ada.get(f"{ROOT}/new").text
    assert all(name in page for name in ("Direct sales", "Unable to Contact", "Positive review received", "Blank"))
    answer = ada.post(ROOT, name="New business", currency="eur", template="classic")
    afresh()
    made = db.session.scalars(select(Pipeline)).one()
    assert (answer.status_code, answer.location) == (303, f"{ROOT}/{made.id}")
    assert (made.name, made.currency, len(made.stages)) == ("New business", "EUR", 9)
    assert ada.get(answer.location).status_code == 200


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "sales"}, {"currency": "XXL"}, {"template": "none"}])
def test_a_wrong_new_one_is_asked_again(
    sales: Pipeline, cast: Cast, visit: Visit, wrong: dict[str, str], htmx: bool
) -> None:
    answer = visit(cast.ada).post(ROOT, htmx=htmx, **{"name": "Other", "currency": "USD", "template": "blank", **wrong})
    assert answer.status_code == 422
    assert "error" in answer.text
    assert db.session.query(Pipeline).count() == 1


@pytest.mark.parametrize("panel", ["", "?panel=new-stage", "?panel=stage&id={}", "?panel=checklist&id={}"])
def test_each_panel_stands_on_the_page_itself(sales: Pipeline, cast: Cast, visit: Visit, panel: str) -> None:
    stage = stage_named(sales, "Engaging")
    factories.required_item(stage)
    url = f"{ROOT}/{sales.id}{panel.format(stage.id)}"
    assert visit(cast.ada).get(url).status_code == 200
    part = visit(cast.ada).get(url, htmx=True)
    assert f'id="pipeline-{sales.id}-stages"' in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("path", ["/4711", "/{}?panel=stage&id=4711", "/{}?panel=nonsense", "/{}?panel=stage"])
def test_what_is_not_there_is_not_found(sales: Pipeline, cast: Cast, visit: Visit, path: str) -> None:
    assert visit(cast.ada).get(f"{ROOT}{path.format(sales.id)}").status_code == 404


def test_parts_of_another_pipeline_are_not_found(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    other = factories.sales_pipeline("Other")
    stage = stage_named(other, "Engaging")
    assert visit(cast.ada).post(f"{ROOT}/{sales.id}/stages/{stage.id}/place", position=0).status_code == 404
    assert visit(cast.ada).get(f"{ROOT}/{sales.id}/stages/{stage.id}/retirement").status_code == 404


def test_saving_says_so_and_redraws_what_it_touched(sales: Pipeline, cast: Cast, visit: Visit, afresh: Afresh) -> None:
    engaging = stage_named(sales, "Engaging")
    url = f"{ROOT}/{sales.id}"
    sent = settings_of(sales, name="New business", default_stage=engaging.id, active=[engaging.id])
    answer = visit(cast.ada).post(url, htmx=True, **sent)
    assert answer.status_code == 200
    for part in ("head", "settings", "stages"):
        assert f'id="pipeline-{sales.id}-{part}"' in answer.text
    assert "New business was saved." in answer.text
    afresh()
    assert (sales.name, sales.first_stage) == ("New business", engaging)
    assert [stage.name for stage in sales.stages if stage.is_active] == ["Engaging"]
    assert visit(cast.ada).post(url, **settings_of(sales)).status_code == 303


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_refused_stays_on_the_form_and_keeps_nothing(
    sales: Pipeline, cast: Cast, visit: Visit, afresh: Afresh, htmx: bool
) -> None:
    factories.deal(sales)
    answer = visit(cast.ada).post(
        f"{ROOT}/{sales.id}", htmx=htmx, **settings_of(sales, name="Anything", currency="EUR")
    )
    assert answer.status_code == 422
    assert "The currency cannot change" in answer.text
    assert 'value="Anything"' in answer.text
    afresh()
    assert (sales.name, sales.currency) == ("Sales", "USD")


def test_a_risky_change_says_first_what_it_means(sales: Pipeline, cast: Cast, visit: Visit, afresh: Afresh) -> None:
    factories.loss_reasons(sales, "No budget", required=False)
    deal = factories.deal(sales)
    with transaction():
        moves.set_status(deal, Status.LOST, by=None)
    sent = settings_of(sales, requires_loss_reason="y")
    answer = visit(cast.ada).post(f"{ROOT}/{sales.id}", **sent)
    assert answer.status_code == 422
    assert "Nothing is saved yet" in answer.text
    assert "The lost opportunities without a reason (1) stay as they are" in answer.text
    afresh()
    assert not sales.requires_loss_reason
    assert visit(cast.ada).post(f"{ROOT}/{sales.id}", **sent, confirmed="y").status_code == 303
    afresh()
    assert sales.requires_loss_reason
    assert deal.reason is None


def test_the_page_asks_the_same_however_much_is_set_up(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    ada, url = visit(cast.ada), f"{ROOT}/{sales.id}"
    factories.required_item(stage_named(sales, "Engaging"))
    factories.loss_reasons(sales, "No budget")
    with statements() as few:
        ada.get(url)
    for stage in sales.stages:
        factories.required_item(stage, "Another")
        if not stage.outcome:
            factories.deal(sales, stage=stage.name)
    factories.win_reasons(sales, "Best price", "Trust")
    with statements() as many:
        ada.get(url)
    assert len(many) == len(few)


def test_the_page_tells_who_changed_what(sales: Pipeline, cast: Cast, visit: Visit) -> None:
    ada, engaging = visit(cast.ada), stage_named(sales, "Engaging")
    ada.post(f"{ROOT}/{sales.id}/stages/{engaging.id}/place", position=0)
    ada.post(f"{ROOT}/{sales.id}/reasons/lost", text="No budget")
    told = [line.get_text(" ", strip=True) for line in ada.soup(f"{ROOT}/{sales.id}").select(".setup-history li span")]
    assert told[0] == "Ada Admin added the loss reason No budget"
    assert told[1].startswith("Ada Admin changed the stage Engaging")
    assert told[2] == "Pipeline set up the pipeline Sales"


def test_the_default_is_handed_on_and_the_other_archived(
    sales: Pipeline, cast: Cast, visit: Visit, afresh: Afresh
) -> None:
    other, ada = factories.sales_pipeline("Other"), visit(cast.ada)
    assert ada.post(f"{ROOT}/{sales.id}/archive").status_code == 422
    assert ada.post(f"{ROOT}/{other.id}/default").status_code == 303
    assert ada.post(f"{ROOT}/{sales.id}/archive").status_code == 303
    afresh()
    assert (other.is_default, sales.archived_at is None) == (True, False)
    assert "Bring it back" in ada.get(f"{ROOT}/{sales.id}").text
    assert ada.post(f"{ROOT}/{sales.id}", **settings_of(sales, name="Changed")).status_code == 422
    assert ada.post(f"{ROOT}/{sales.id}/restoration").status_code == 303
    afresh()
    assert sales.archived_at is None


def test_others_may_not_and_strangers_sign_in(
    sales: Pipeline, cast: Cast, visit: Visit, client: FlaskClient, app: object
) -> None:
    stage = stage_named(sales, "Engaging")
    for url in (ROOT, f"{ROOT}/new", f"{ROOT}/{sales.id}", f"{ROOT}/{sales.id}/stages/{stage.id}/retirement"):
        assert visit(cast.olive).get(url).status_code == 403
        assert "/sign-in" in client.get(url).location
    for url in (
        ROOT,
        f"{ROOT}/{sales.id}",
        f"{ROOT}/{sales.id}/default",
        f"{ROOT}/{sales.id}/archive",
        f"{ROOT}/{sales.id}/restoration",
        f"{ROOT}/{sales.id}/stages",
        f"{ROOT}/{sales.id}/stages/{stage.id}",
        f"{ROOT}/{sales.id}/stages/{stage.id}/place",
        f"{ROOT}/{sales.id}/stages/{stage.id}/retirement",
        f"{ROOT}/{sales.id}/stages/{stage.id}/items",
        f"{ROOT}/{sales.id}/reasons/{Outcome.WON.value}",
    ):
        assert visit(cast.olive).post(url).status_code == 403
