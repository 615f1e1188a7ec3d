from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
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
def sent(pipeline: Pipeline, cast: Cast) -> dict[str, object]:
    return {
        "contact": "Ana Lima",
        "company": "Acme Inc",
        "email": "Ana@acme.example",
        "stage_id": pipeline.stages[1].id,
        "value": "1,200.50",
        "owner_id": cast.olive.id,
        "source_id": 0,
        "next_action": "Call",
        "next_action_on": "2026-12-24",
    }


def only_deal() -> Opportunity:
    return db.session.scalars(select(Opportunity)).one()


def test_the_form_is_a_page_and_a_dialog(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    assert "New opportunity" in visit(cast.olive).get("/opportunities/new").text
    assert visit(cast.olive).get("/opportunities/new", htmx=True, page="/board").text.startswith("<dialog")


def test_a_deal_is_created_with_a_new_contact_and_company(
    visit: Visit, cast: Cast, sent: dict[str, object], afresh: Afresh
) -> None:
    answer = visit(cast.olive).post("/opportunities", **sent)
    afresh()
    made = only_deal()
    assert (answer.status_code, answer.location) == (303, f"/opportunities/{made.id}")
    assert (made.title, made.value, made.owner, made.stage.name) == ("Ana Lima", 120_050, cast.olive, "Contacting")
    assert (made.contact.email, made.contact.company_name) == ("ana@acme.example", "Acme Inc")
    assert (made.next_action, made.next_action_on) == ("Call", date(2026, 12, 24))


def test_from_the_board_the_fresh_column_comes_back(visit: Visit, cast: Cast, sent: dict[str, object]) -> None:
    answer = visit(cast.olive).post("/opportunities", htmx=True, page="/board", **sent)
    assert answer.status_code == 200
    assert 'aria-label="Contacting"' in answer.text
    assert "Ana Lima is in Contacting." in answer.text


def test_a_name_that_is_known_means_that_contact(
    visit: Visit, cast: Cast, sent: dict[str, object], afresh: Afresh
) -> None:
    known = factories.contact("Ana Lima")
    with transaction():
        known.owner = cast.olive
    visit(cast.olive).post("/opportunities", **{**sent, "contact": "ana lima"})
    afresh()
    assert only_deal().contact == known


def test_a_name_that_means_several_asks_which_one(visit: Visit, cast: Cast, sent: dict[str, object]) -> None:
    for _ in range(2):
        factories.contact("Ana Lima")
    answer = visit(cast.ada).post("/opportunities", **sent)
    assert answer.status_code == 422
    assert "You know several of that name" in answer.text
    assert db.session.scalar(select(func.count(Opportunity.id))) == 0
    assert visit(cast.ada).post("/opportunities", contact_id="new", **sent).status_code == 303


def test_somebody_elses_contact_is_neither_offered_nor_taken(
    visit: Visit, cast: Cast, sent: dict[str, object], afresh: Afresh
) -> None:
    hidden = factories.contact("Ana Lima")
    offered = visit(cast.olive).get("/opportunities/new/contacts?contact=Ana", htmx=True)
    assert str(hidden.id) not in offered.text
    assert visit(cast.olive).post("/opportunities", contact_id=str(hidden.id), **sent).status_code == 404
    visit(cast.olive).post("/opportunities", **sent)
    afresh()
    assert only_deal().contact != hidden


def test_what_is_typed_finds_contacts_to_choose_from(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    factories.contact("Ana Lima", email="ana@acme.example")
    answer = visit(cast.ada).get("/opportunities/new/contacts?contact=acme", htmx=True)
    assert "Ana Lima" in answer.text


def test_a_contacts_page_leads_to_a_form_that_names_it(visit: Visit, cast: Cast, pipeline: Pipeline) -> None:
    known = factories.contact("Ana Lima")
    page = visit(cast.ada).soup(f"/opportunities/new?contact={known.id}")
    chosen = page.find("input", {"name": "contact_id", "checked": True})
    assert chosen
    assert chosen["value"] == str(known.id)


@pytest.mark.parametrize(
    "wrong",
    [{"contact": ""}, {"value": "plenty"}, {"email": "no address"}, {"stage_id": 999}, {"next_action_on": "soon"}],
)
def test_bad_input_is_refused_with_what_was_typed(
    visit: Visit, cast: Cast, sent: dict[str, object], wrong: dict[str, object]
) -> None:
    answer = visit(cast.olive).post("/opportunities", **(sent | wrong))
    assert answer.status_code == 422
    assert "Acme Inc" in answer.text
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_who_cannot_own_chooses_whose_it_will_be(visit: Visit, cast: Cast, sent: dict[str, object]) -> None:
    owner = visit(cast.guy).soup("/opportunities/new").find("select", {"name": "owner_id"})
    assert owner
    assert owner.find("option").text == "Choose…"
    assert owner.find("option", selected=True) in (None, owner.find("option"))
    answer = visit(cast.guy).post("/opportunities", **(sent | {"owner_id": 0}))
    assert answer.status_code == 422
    assert "choose an owner" in str(BeautifulSoup(answer.text, "html.parser").find(id="owner_id-error"))
    assert db.session.scalar(select(func.count(Contact.id))) == 0


@pytest.mark.parametrize("maker", ["guy", "stan"])
@pytest.mark.parametrize("page", ["/board", "/opportunities/new"])
def test_who_makes_a_deal_for_somebody_else_is_told_whose_it_is_and_that_they_do_not_see_it(
    visit: Visit, cast: Cast, sent: dict[str, object], maker: str, page: str
) -> None:
    answer = visit(cast[maker]).post("/opportunities", back=page, **sent)
    assert answer.location == "/board"
    said = visit(cast[maker]).post("/opportunities", htmx=True, page="/board", **(sent | {"contact": "Bo"})).text
    assert "Bo is in Contacting. It is Olive Owner&#39;s now, and not yours to see any more." in said


def test_who_may_not_add_is_refused(visit: Visit, cast: Cast, sent: dict[str, object]) -> None:
    with transaction():
        cast.olive.may_add = False
    assert visit(cast.olive).get("/opportunities/new").status_code == 403
    assert visit(cast.olive).post("/opportunities", **sent).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: object, pipeline: Pipeline) -> None:
    assert client.get("/opportunities/new").location.startswith("/sign-in")  # type: ignore[attr-defined]
