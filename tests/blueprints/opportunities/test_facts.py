"""Facts edited in place: shape, rules, and two people who change the same one."""

from datetime import date, time

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import opportunities
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def change(olive, deal, afresh):
    def send(group, *, htmx=False, version=1, **fields):
        answer = olive.post(f"/opportunities/{deal.id}/facts/{group}", htmx=htmx, version=version, **fields)
        afresh()
        return answer

    return send


@pytest.mark.parametrize(
    "writing",
    [("en", "1,234.56", 123456), ("de", "1.234,56", 123456), ("en", "$1,200", 120000), ("fr", "1 234,5", 123450)],
)
def test_money_is_read_as_the_person_writes_it(change, deal, cast, writing):
    locale, written, minor = writing
    with transaction():
        cast.olive.locale = locale
    assert change("value", typed_value=written).status_code == 303
    assert deal.value == minor


@pytest.mark.parametrize("written", ["a lot", "-5", "1e9", "1.2345", "NaN"])
def test_what_is_no_money_is_refused_and_left_to_be_mended(change, deal, written):
    answer = change("value", typed_value=written)
    assert answer.status_code == 422
    assert BeautifulSoup(answer.text, "html.parser").find("input", {"name": "typed_value"})["value"] == written
    assert deal.value == 0


def test_the_high_projection_is_the_value_once_there_is_one(change, deal):
    change("value", typed_value="100", low="50", high="200")
    assert (deal.low, deal.high, deal.value) == (5000, 20000, 20000)


def test_a_low_above_the_high_is_refused_beside_the_form(change, deal):
    answer = change("value", typed_value="", low="300", high="200", htmx=True)
    assert answer.status_code == 422
    assert "The low projection is above the high one" in answer.text
    assert deal.low is None


def test_the_forecast_can_be_set_and_cleared(change, deal):
    change("forecast", expected_close="2026-12-24", probability_override="35", is_committed="y")
    assert (deal.expected_close, deal.probability, deal.is_committed) == (date(2026, 12, 24), 35, True)
    change("forecast", expected_close="", probability_override="", version=deal.version)
    assert (deal.expected_close, deal.probability_override, deal.is_committed) == (None, None, False)


@pytest.mark.parametrize(("field", "value"), [("expected_close", "soon"), ("probability_override", "101")])
def test_a_forecast_out_of_shape_is_refused(change, deal, field, value):
    assert change("forecast", **{field: value}).status_code == 422
    assert deal.version == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [("soon", "Write the day like 2026-12-31."), ("0001-01-01", "Check the year; it can be from 1970")],
)
def test_a_day_that_nobody_can_mean_is_refused_in_words_and_left_to_be_mended(change, deal, typed, told):
    answer = change("forecast", htmx=True, expected_close=typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{typed}"' in answer.text
    assert deal.expected_close is None


def test_a_next_action_has_words_a_day_and_a_time(change, deal):
    change("next_action", next_action=" Send offer ", next_action_on="2026-12-24", next_action_at="09:30")
    assert (deal.next_action, deal.next_action_on, deal.next_action_at) == (
        "Send offer",
        date(2026, 12, 24),
        time(9, 30),
    )


def test_once_a_next_action_is_noted_nobody_is_told_to_plan_one(change, deal):
    assert "Plan the next step" in change("next_action", next_action="", htmx=True).text
    assert "No tasks." in change("next_action", next_action="Call", version=deal.version, htmx=True).text


def test_a_time_without_a_day_asks_for_the_day(change, deal):
    answer = change("next_action", next_action="Call", next_action_at="09:30", htmx=True)
    day = BeautifulSoup(answer.text, "html.parser").find("input", id="next_action_on")
    assert (answer.status_code, day["aria-invalid"]) == (422, "true")
    assert day.parent.find(class_="error").text == "Choose the day for 09:30."
    assert deal.next_action is None


def test_a_source_is_chosen_or_added_once(change, deal, cast, pipeline):
    change("source", source_id="0", new_source="Trade fair")
    assert deal.source.name == "Trade fair"
    change("source", source_id="0", new_source="trade FAIR", version=deal.version)
    assert deal.source.name == "Trade fair"
    change("source", source_id="0", version=deal.version)
    assert deal.source is None


def test_products_of_interest_are_ticked_or_added(change, deal):
    change("products", new_product="Payroll")
    change("products", product_ids=str(deal.products[0].id), new_product="Advice", version=deal.version)
    assert [product.name for product in deal.products] == ["Advice", "Payroll"]
    change("products", version=deal.version)
    assert deal.products == []


def test_an_empty_title_becomes_the_contacts_name(change, deal):
    change("title", title=" ")
    assert deal.title == deal.contact.name


def test_with_htmx_the_group_the_head_and_the_timeline_come_back(change, deal):
    answer = change("title", title="Acme and sons", htmx=True)
    assert answer.status_code == 200
    for region in ("head", "timeline", "fact-title"):
        assert f'id="opportunity-{deal.id}-{region}"' in answer.text
    assert "Acme and sons" in answer.text


def test_an_unknown_group_is_not_there(olive, deal):
    assert olive.get(f"/opportunities/{deal.id}/facts/version/edit").status_code == 404


def test_different_facts_changed_at_once_are_both_kept(change, deal):
    change("title", title="Theirs", version=1)
    assert change("value", typed_value="99", version=1).status_code == 303
    assert (deal.title, deal.value) == ("Theirs", 9900)


@pytest.fixture
def changed_by_ada(deal, cast, afresh):
    with transaction():
        opportunities.change(deal, by=cast.ada, typed_value=500000)
    afresh()


@pytest.mark.usefixtures("changed_by_ada")
def test_the_same_fact_changed_meanwhile_is_asked_about_with_both_values(change, deal):
    answer = change("value", typed_value="99", version=1, htmx=True)
    assert answer.status_code == 409
    for said in ("Ada Admin changed value meanwhile", "$5,000", "$99", "Apply mine", "Keep theirs"):
        assert said in BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True).replace("\xa0", " ")
    assert deal.value == 500000


@pytest.mark.usefixtures("changed_by_ada")
def test_mine_can_be_applied_after_the_clash(change, deal):
    answer = change("value", typed_value="99", version=1)
    assert answer.status_code == 409
    form = BeautifulSoup(answer.text, "html.parser").select_one(".fact.editing form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input:not([name=csrf_token])")}
    assert change("value", **sent).status_code == 303
    assert deal.value == 9900


def test_handing_over_needs_a_sales_rep(change, deal, cast):
    assert change("owner", owner_id=cast.guy.id).status_code == 422
    assert change("owner", owner_id=cast.tom.id).status_code == 303
    assert deal.owner_id == cast.tom.id


def test_who_hands_over_what_they_then_cannot_see_is_led_away(visit, cast, pipeline, afresh):
    deal = factories.deal(pipeline, "Toms", owner=cast.tom)
    answer = visit(cast.tom).post(f"/opportunities/{deal.id}/facts/owner", owner_id=cast.stan.id, version=1, htmx=True)
    assert answer.headers["HX-Redirect"] == "/"
    afresh()
    assert db.session.get(Opportunity, deal.id).owner_id == cast.stan.id


def test_a_writer_is_not_offered_to_hand_over(deal, cast, visit):
    from pipeline.domain import owning
    from pipeline.models.opportunity import ShareLevel

    with transaction():
        owning.share(deal, cast.stan, ShareLevel.WRITE, by=None)
    page = visit(cast.stan).soup(f"/opportunities/{deal.id}")
    assert page.find("a", string=None, attrs={"title": "Edit value"})
    assert not page.find("a", attrs={"title": "Edit owner"})
