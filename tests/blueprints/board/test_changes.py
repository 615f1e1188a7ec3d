"""What a board that is shown already is told about changes."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from pipeline import clock
from pipeline.domain import activities, moves, opportunities, owning, stages
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def acme(pipeline: Pipeline, cast: Cast) -> Opportunity:
    return factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=120_000)


class Watch:
    """A board as a browser has it."""

    def __init__(self, visitor: Visitor, pipeline: Pipeline, query: str = "") -> None:
        self.visitor = visitor
        page = visitor.soup(f"/board/{pipeline.id}?{query}")
        self.address = page.find("board-watch")["hx-get"]
        self.since = page.find("board-watch")["data-since"]
        self.columns = [
            f"{column['data-stage']}.{len(column.find_all('article'))}.{column.header['data-stamp']}"
            for column in page.find_all("section", class_="column")
        ]

    def look(self) -> tuple[int, BeautifulSoup]:
        told = urlencode({"column": self.columns, "since": self.since}, doseq=True)
        answer = self.visitor.get(f"{self.address}{'&' if '?' in self.address else '?'}{told}", htmx=True)
        return answer.status_code, BeautifulSoup(answer.text, "html.parser")


def aimed_at(answer: BeautifulSoup) -> set[str]:
    return {str(partial["id"]) for partial in answer.find_all("hx-partial")}


def news(answer: BeautifulSoup) -> str:
    return str(answer.find("board-watch")["data-news"])


def test_nothing_is_sent_while_nothing_changed(visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity) -> None:
    assert Watch(visit(cast.olive), pipeline).look()[0] == 204


def test_a_move_brings_the_two_columns_it_touched_and_says_who_did_it(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    source, target = acme.stage, factories.stage_named(pipeline, "Engaging")
    with transaction():
        moves.move(acme, target, by=cast.ada)
    status, answer = watch.look()
    assert status == 200
    ids = {f"stage-{stage.id}-{part}" for stage in (source, target) for part in ("column", "tab")}
    assert aimed_at(answer) == ids | {"board-summary", "everything", "board-watch"}
    assert all(partial["hx-swap"] == "outerMorph" for partial in answer.find_all("hx-partial"))
    assert news(answer) == "Ada Admin moved 1 card."


def test_ones_own_changes_are_brought_but_not_told(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    with transaction():
        opportunities.change(acme, by=cast.olive, title="Acme and sons")
    _, answer = watch.look()
    assert "Acme and sons" in answer.get_text()
    assert news(answer) == ""


def test_what_nobody_in_particular_did_is_told_without_a_name(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    with transaction():
        opportunities.change(acme, by=None, title="Acme and sons")
    assert news(watch.look()[1]) == "1 card changed."


def test_a_permission_lost_takes_the_card_away_without_a_word(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    with transaction():
        owning.share(acme, cast.stan, ShareLevel.READ, by=None)
    watch = Watch(visit(cast.stan), pipeline)
    with transaction():
        owning.unshare(acme, cast.stan, by=cast.ada)
    status, answer = watch.look()
    assert status == 200
    assert "Acme" not in str(answer)
    assert "1,200" not in str(answer)
    assert news(answer) == ""


def test_what_a_filter_hides_is_not_brought(visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity) -> None:
    with transaction():
        cast.olive.may_view_all = True
    watch = Watch(visit(cast.olive), pipeline, "owner=mine")
    factories.deal(pipeline, "Of Tom", owner=cast.tom)
    assert watch.look()[0] == 204


def test_another_contact_name_is_a_change_of_the_card(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    with transaction():
        acme.contact.name = "Grace Hopper"
    assert "Grace Hopper" in watch.look()[1].get_text()


def test_a_task_that_was_planned_or_put_off_is_a_change_of_the_card(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    with transaction():
        task = activities.plan(acme, "Call", by=cast.ada, due_on=clock.days_from_today(3))
    assert watch.look()[0] == 200
    watch = Watch(visit(cast.olive), pipeline)
    assert watch.look()[0] == 204
    with transaction():
        activities.change(task, by=cast.ada, due_on=clock.days_from_today(4))
    assert watch.look()[0] == 200


def test_a_stage_that_came_or_was_moved_redraws_all_columns(
    visit: Visit, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    watch = Watch(visit(cast.olive), pipeline)
    with transaction():
        stages.add(pipeline, "Legal", by=cast.ada)
    _, answer = watch.look()
    assert {"board-columns", "board-tabs"} <= aimed_at(answer)


def test_looking_costs_no_more_for_many_cards(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    asked = []
    for _ in range(2):
        watch = Watch(visit(cast.olive), pipeline)
        for number in range(5):
            factories.deal(pipeline, f"Deal {number}", owner=cast.olive)
        with statements() as made:
            assert watch.look()[0] == 200
        asked.append(len(made))
    assert asked[0] == asked[1]


def test_a_plain_browser_is_shown_the_board(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    assert visit(cast.olive).get(f"/board/{pipeline.id}/changes?owner=mine").location.endswith("?owner=mine")


@pytest.mark.parametrize("told", ["", "x.y.z", "1.2", "99999999999.1.a", "1.99999999999.a"])
def test_nonsense_from_a_browser_is_answered_with_the_whole_board(
    visit: Visit, cast: Cast, pipeline: Pipeline, told: str
) -> None:
    address = f"/board/{pipeline.id}/changes?column={told}&since=yesterday"
    answer = visit(cast.olive).get(address, htmx=True)
    assert answer.status_code == 200
    assert re.search(r'id="board-columns"', answer.text)


def test_looking_keeps_no_session_alive(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    olive = visit(cast.olive)
    long_ago = time.time() - 3600
    with olive.client.session_transaction() as session:
        session["seen"] = long_ago
    olive.get(f"/board/{pipeline.id}/changes", htmx=True)
    with olive.client.session_transaction() as session:
        assert session["seen"] == long_ago


def test_who_is_signed_out_is_told_so(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    olive = visit(cast.olive)
    with transaction():
        cast.olive.session_epoch += 1
    assert olive.get(f"/board/{pipeline.id}/changes", htmx=True).status_code == 401
