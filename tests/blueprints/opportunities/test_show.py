"""The page of one opportunity: who sees it, and what they may do there."""

from pipeline import clock
from pipeline.domain import activities
from pipeline.transaction import transaction
from tests import factories


def test_its_page_shows_what_is_known(visit, cast):
    contact = factories.contact("Ana Lima", email="ana@lima.example", phone="+351 21 000")
    deal = factories.deal(
        factories.sales_pipeline(), "Bakery books", owner=cast.olive, contact=contact, typed_value=120000
    )
    page = visit(cast.olive).soup(f"/opportunities/{deal.id}")
    text = page.get_text(" ", strip=True)
    for known in ("Bakery books", "$1,200", "Olive Owner", "Ana Lima", "ana@lima.example", "No next step"):
        assert known in text
    assert page.find("form", action=f"/opportunities/{deal.id}/moves")


def test_nobody_is_told_to_plan_a_step_where_one_is_noted_already(visit, cast):
    sales = factories.sales_pipeline()
    idle = factories.deal(sales, "Bakery books", owner=cast.olive)
    noted = factories.deal(sales, "Cafe books", owner=cast.olive, next_action="Chase missing papers")
    olive = visit(cast.olive)
    texts = [olive.soup(f"/opportunities/{deal.id}").get_text(" ", strip=True) for deal in (idle, noted)]
    assert ["Plan the next step" in text for text in texts] == [True, False]
    assert "No tasks." in texts[1]


def test_what_is_next_is_the_same_on_the_record_as_on_the_card(visit, cast):
    deal = factories.deal(factories.sales_pipeline(), "Bakery books", owner=cast.olive)
    with transaction():
        activities.plan(deal, "Call Ana", by=cast.olive, due_on=clock.today(cast.olive))
    olive = visit(cast.olive)
    on_card = olive.soup(f"/board/{deal.pipeline_id}").find(class_="card-foot").find(class_="chip")
    on_record = olive.soup(f"/opportunities/{deal.id}").find(class_="next-step")
    assert (on_card.text, on_card["class"]) == ("Today", ["chip", "warn"])
    assert on_record.get_text(" ", strip=True) == "Call Ana · Today"
    assert "warn" in on_record["class"]


def test_nothing_is_to_be_planned_any_more_once_it_is_won(visit, cast):
    deal = factories.deal(factories.sales_pipeline(), "Bakery books", owner=cast.olive)
    page = f"/opportunities/{deal.id}"
    answer = visit(cast.olive).post(f"{page}/status", htmx=True, page=page, status="won", back="record")
    assert "Nothing planned." in answer.text
    assert "Plan the next step" not in answer.text
