"""The page of one opportunity: who sees it, and what they may do there."""

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
