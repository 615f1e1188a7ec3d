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
