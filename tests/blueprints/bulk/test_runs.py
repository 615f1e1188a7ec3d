"""What became of a change to many, and what can still be done about it."""

from collections.abc import Callable

from sqlalchemy import select

from pipeline.domain import tags
from pipeline.domain.bulk import change_of, runs
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkRun, BulkState, BulkVerb
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.blueprints.bulk.conftest import ids
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]
Finish = Callable[[], BulkRun]


def begin(by: User, deals: list[Opportunity], *, verb: str, **said: object) -> str:
    """The page of a change that the workers are to do."""
    chosen = select(Opportunity.id).where(Opportunity.id.in_([deal.id for deal in deals]))
    with transaction():
        if "tag" in said:
            said = {"tag_id": tags.named(str(said["tag"])).id}
        arguments = change_of(BulkVerb(verb)).Arguments.model_validate(said)
        run = runs.start(BulkVerb(verb), arguments, chosen, by=by, expected=len(deals), with_automation=True)
    return f"/bulk/{run.id}"


def test_while_it_runs_its_page_tells_how_far_it_is(visit: Visit, cast: Cast, deals: list[Opportunity]) -> None:
    olive = visit(cast.olive)
    where = begin(cast.olive, deals, verb="assign", owner_id=cast.tom.id)
    assert "0 of 3" in olive.get(where).text
    assert "0 of 3" in olive.get(f"{where}/progress", htmx=True).text


def test_when_it_is_over_its_page_lists_who_was_refused_and_why(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity], finish: Finish
) -> None:
    factories.required_item(deals[0].stage, "Budget confirmed")
    other = factories.deal(sales, "Dune", stage="Contacting", owner=cast.olive)
    olive, stage = visit(cast.olive), factories.stage_named(sales, "Qualified")
    where = begin(cast.olive, [*deals, other], verb="move", stage_id=stage.id)
    run = finish()
    assert olive.get(f"{where}/progress", htmx=True).headers["HX-Redirect"] == where
    page = olive.soup(where)
    assert [dd.text for dd in page.select(".verdicts dd")] == ["1", "3", "0"]
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    cause = "Before it goes to Qualified: tick “Budget confirmed”."
    assert rows == [["Acme", cause], ["Bolt", cause], ["Crane", cause]]
    again = olive.post("/bulk/questions", htmx=True, verb="move", stage_id=stage.id, refused_of=run.id)
    assert "Move 3 opportunities to Qualified" in again.text


def test_what_one_cannot_see_any_more_has_no_name_on_it(
    visit: Visit, cast: Cast, deals: list[Opportunity], finish: Finish
) -> None:
    where = begin(cast.olive, deals, verb="add_tag", tag="vip")
    with transaction():
        deals[0].owner = cast.stan
    finish()
    page = visit(cast.olive).get(where).text
    assert "One that you cannot see any more" in page
    assert "Acme" not in page


def test_it_can_be_taken_back_once(visit: Visit, cast: Cast, deals: list[Opportunity], finish: Finish) -> None:
    olive = visit(cast.olive)
    where = begin(cast.olive, deals, verb="assign", owner_id=cast.tom.id)
    finish()
    assert "Undo" in olive.get(where).text
    back = olive.post(f"{where}/undo").headers["Location"]
    assert finish().done == 3
    assert {deal.owner for deal in deals} == {cast.olive}
    assert "It takes back" in olive.get(back).text
    assert f'action="{where}/undo"' not in olive.get(where).text
    assert olive.post(f"{where}/undo").status_code == 422


def test_it_can_be_stopped_and_taken_up_again(
    visit: Visit, cast: Cast, deals: list[Opportunity], finish: Finish
) -> None:
    olive = visit(cast.olive)
    where = begin(cast.olive, deals, verb="assign", owner_id=cast.tom.id)
    olive.post(f"{where}/stop")
    assert finish().state is BulkState.STOPPED
    assert "3 still to do" in olive.get(where).text
    olive.post(f"{where}/continuation")
    assert finish().done == 3


def test_ones_own_are_listed_and_others_are_not_there(
    visit: Visit, cast: Cast, deals: list[Opportunity], finish: Finish
) -> None:
    where = begin(cast.olive, deals, verb="add_tag", tag="vip")
    finish()
    assert "Add the tag “vip”" in visit(cast.olive).get("/bulk").text
    assert "“vip”" not in visit(cast.tom).get("/bulk").text
    for way in ("", "/progress"):
        assert visit(cast.tom).get(f"{where}{way}").status_code == 404
    for way in ("undo", "stop", "continuation"):
        assert visit(cast.tom).post(f"{where}/{way}").status_code == 404


def test_the_selected_ones_come_as_a_file(visit: Visit, cast: Cast, deals: list[Opportunity]) -> None:
    answer = visit(cast.olive).post("/bulk/export", ids=ids(deals[:2]))
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert ("Acme" in answer.text, "Bolt" in answer.text, "Crane" in answer.text) == (True, True, False)


def test_a_run_keeps_to_what_was_selected_when_it_began(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity], finish: Finish
) -> None:
    asked = {"verb": "set_status", "status": "abandoned", "all": "1", "filter": f"pipeline={sales.id}&status=open"}
    visit(cast.olive).post("/bulk", expected=3, **asked)
    later = factories.deal(sales, "Later", owner=cast.olive)
    assert finish().done == 3
    assert later.is_open
    assert runs.can_be_undone(finish())


def test_the_bell_leads_to_what_became_of_it(
    visit: Visit, cast: Cast, deals: list[Opportunity], finish: Finish
) -> None:
    where = begin(cast.olive, deals, verb="assign", owner_id=cast.tom.id)
    finish()
    to_olive, to_tom = db.session.scalars(select(Notification).order_by(Notification.id)).all()
    assert visit(cast.olive).post(f"/notifications/{to_olive.id}/reading").headers["Location"] == where
    assert visit(cast.tom).post(f"/notifications/{to_tom.id}/reading").headers["Location"] == "/notifications"
