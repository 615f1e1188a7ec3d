from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import contacts, moves, opportunities, owning, tags
from pipeline.domain.rules import NotAllowed
from pipeline.extensions import db
from pipeline.models.opportunity import LeadSource, Opportunity, ShareLevel, Status
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import filter_bar
from pipeline.queries.conditions import Whose
from pipeline.queries.filters import Filter, Shown, where
from pipeline.queries.ranges import Dates, Values
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def titles(person: User, **asked: str) -> list[str]:
    shown = where(Filter.read(asked), seen_by=person)
    return list(db.session.scalars(select(Opportunity.title).where(shown).order_by(Opportunity.title)))


def test_an_empty_url_asks_for_open_ones_of_anyone() -> None:
    assert Filter.read({}) == Filter(status=Shown.OPEN, owner=Whose.ANYONE)
    assert Filter().query() == {}


def test_a_url_is_written_as_it_was_read() -> None:
    asked = {
        "pipeline": "1", "status": "closed", "owner": "7", "stage": "2", "tag": "3", "source": "4", "q": "acme & sons",
        "value_from": "10.50", "value_to": "99", "close_from": "2026-01-02", "created_to": "2026-02-03",
        "closed_from": "2026-03-04",
    }  # fmt: skip
    assert Filter.read(asked).query() == asked


@pytest.mark.parametrize(
    "asked",
    [
        {"pipeline": "-1", "stage": "0", "tag": "x", "source": "1e3", "owner": "everyone"},
        {"pipeline": "99999999999999999999", "stage": "٣", "status": "retired"},
        {"value_from": "NaN", "value_to": "-5", "close_from": "yesterday", "created_to": "9999-12-31"},
        {"value_from": "Infinity", "value_to": "1e99", "closed_to": "2026-02-30", "q": "   "},
    ],
)
def test_nonsense_in_a_url_is_as_if_it_were_not_there(asked: dict[str, str]) -> None:
    assert Filter.read(asked) == Filter()


def test_from_and_to_are_read_in_order_whichever_was_given_first(cast: Cast) -> None:
    asked = {"value_from": "5000", "value_to": "1000", "close_from": "2026-02-01", "close_to": "2026-01-01"}
    chosen = Filter.read(asked)
    assert chosen.value == Values(Decimal(1000), Decimal(5000))
    assert chosen.close == Dates(date(2026, 1, 1), date(2026, 2, 1))
    assert [chip.label for chip in filter_bar.of(chosen).chips][1:] == [
        "Value from 1,000 to 5,000",
        "Expected close from 1 Jan 2026 to 1 Feb 2026",
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("acme", "“acme”"),
        ("a", "“a” where a word begins"),
        ("acme Co é", "“acme Co é”, “co” and “e” where a word begins"),
    ],
)
def test_it_is_said_of_short_words_that_they_are_found_only_where_one_begins(cast: Cast, text: str, label: str) -> None:
    assert filter_bar.of(Filter.read({"q": text})).chips[-1].label == label


@given(st.dictionaries(st.sampled_from(["pipeline", "status", "owner", "q", "value_from", "close_to"]), st.text()))
def test_whatever_is_asked_is_read_and_can_be_asked_again(asked: dict[str, str]) -> None:
    once = Filter.read(asked)
    assert Filter.read(once.query()) == once


def test_each_status_shows_its_own_and_closed_ones_can_be_counted(pipeline: Pipeline, cast: Cast) -> None:
    for stage, title in ((None, "Open"), ("Won", "Won"), ("Lost", "Lost")):
        factories.deal(pipeline, title, stage=stage)
    left = factories.deal(pipeline, "Left")
    with transaction():
        moves.set_status(left, Status.ABANDONED, by=cast.ada)
    assert titles(cast.ada) == ["Open"]
    assert titles(cast.ada, status="won") == ["Won"]
    assert titles(cast.ada, status="closed") == ["Left", "Lost", "Won"]
    assert titles(cast.ada, status="all") == ["Left", "Lost", "Open", "Won"]


def test_owner_is_me_nobody_or_someone(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Olive's", owner=cast.olive)
    factories.deal(pipeline, "Stan's", owner=cast.stan)
    factories.deal(pipeline, "Nobody's")
    assert titles(cast.olive, owner="mine") == ["Olive's"]
    assert titles(cast.ada, owner="none") == ["Nobody's"]
    assert titles(cast.ada, owner=str(cast.stan.id)) == ["Stan's"]


def test_an_owner_in_the_url_shows_no_more_than_one_may_see(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Stan's", owner=cast.stan)
    shared = factories.deal(pipeline, "Shared", owner=cast.stan)
    with transaction():
        owning.share(shared, cast.olive, ShareLevel.READ, by=cast.ada)
    assert titles(cast.olive, owner=str(cast.stan.id)) == ["Shared"]


def test_deleted_ones_are_in_no_filter(pipeline: Pipeline, cast: Cast) -> None:
    gone = factories.deal(pipeline)
    with transaction():
        opportunities.delete(gone, by=cast.ada)
    assert titles(cast.ada, status="all") == []


def test_stage_tag_and_source_narrow_together(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        fair = LeadSource(name="Fair")
        db.session.add(fair)
        vip = tags.named("VIP")
    factories.deal(pipeline, "Both", stage="Closing", source=fair, tags=[vip])
    factories.deal(pipeline, "Untagged", stage="Closing", source=fair)
    factories.deal(pipeline, "Elsewhere", source=fair, tags=[vip])
    closing = factories.stage_named(pipeline, "Closing")
    assert titles(cast.ada, stage=str(closing.id), tag=str(vip.id), source=str(fair.id)) == ["Both"]


@pytest.mark.parametrize(
    "text", ["élodie", "ÉLODIE", "ünited", "ÜNITED FO", "annual", "E@X.org", "100%_", "5551234", "(555) 12"]
)
def test_text_is_found_whatever_its_case_in_title_name_company_mail_and_phone(
    pipeline: Pipeline, cast: Cast, text: str
) -> None:
    with transaction():
        company = contacts.create("Ünited Foods", by=None, is_company=True)
    person = factories.contact("Élodie Ñandú", company=company, email="e@x.org", phone="+1 (555) 1234")
    factories.deal(pipeline, "Annual 100%_\\ audit", contact=person)
    factories.deal(pipeline, "Other")
    assert titles(cast.ada, q=text) == ["Annual 100%_\\ audit"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "5%5"])
def test_wildcards_are_only_themselves(pipeline: Pipeline, cast: Cast, text: str) -> None:
    factories.deal(pipeline, "Plain")
    assert titles(cast.ada, q=text) == []


def test_who_may_not_search_is_refused_text_and_nothing_else(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        cast.olive.may_search = False
    factories.deal(pipeline, "Acme", owner=cast.olive)
    assert titles(cast.olive) == ["Acme"]
    with pytest.raises(NotAllowed, match="may not search"):
        titles(cast.olive, q="acme")


def test_an_amount_is_measured_in_each_deals_own_currency(pipeline: Pipeline, cast: Cast) -> None:
    yen, dinar = (factories.sales_pipeline(code, currency=code) for code in ("JPY", "KWD"))
    factories.deal(pipeline, "$100.50", typed_value=10050)
    factories.deal(yen, "¥100", typed_value=100)
    factories.deal(dinar, "KD 100.005", typed_value=100_005)
    assert titles(cast.ada, value_from="100", value_to="100.5") == ["$100.50", "KD 100.005", "¥100"]
    assert titles(cast.ada, value_from="100.001") == ["$100.50", "KD 100.005"]
    assert titles(cast.ada, value_to="99.99") == []


def test_an_amount_beyond_reason_finds_nothing_and_breaks_nothing(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, typed_value=10**13)
    assert titles(cast.ada, value_from="1000000000000") == []


def test_days_are_those_of_the_person_who_looks(pipeline: Pipeline, cast: Cast) -> None:
    with clock.frozen(datetime(2026, 3, 10, 23, 30, tzinfo=UTC)):
        factories.deal(pipeline, "Late")
    with transaction():
        cast.ada.time_zone = "Pacific/Auckland"
    assert titles(cast.ada, created_from="2026-03-11", created_to="2026-03-11") == ["Late"]
    with transaction():
        cast.ada.time_zone = "America/New_York"
    assert titles(cast.ada, created_from="2026-03-11") == []
    assert titles(cast.ada, created_to="2026-03-10") == ["Late"]


def test_expected_close_is_the_same_day_everywhere(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Dated", expected_close=date(2026, 3, 11))
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        with transaction():
            cast.ada.time_zone = zone
        assert titles(cast.ada, close_from="2026-03-11", close_to="2026-03-11") == ["Dated"]


def test_each_part_of_a_filter_is_a_chip_that_takes_it_away(pipeline: Pipeline, cast: Cast) -> None:
    chosen = Filter(
        status=Shown.WON,
        owner=Whose.MINE,
        stage=factories.stage_named(pipeline, "Won").id,
        text="acme",
        value=Values(Decimal(5)),
        close=Dates(end=date(2026, 3, 11)),
    )
    chips = {chip.label: chip.without for chip in filter_bar.of(chosen).chips}
    assert list(chips) == [
        "Stage: Won",
        "Won",
        "Owner: Me",
        "“acme”",
        "Value from 5",
        "Expected close up to 11 Mar 2026",
    ]
    assert chips["Won"]["status"] == "all"
    assert "owner" not in chips["Owner: Me"]


def test_only_reps_and_those_who_own_are_offered_as_owners(pipeline: Pipeline, cast: Cast) -> None:
    offered = [owner.name for owner in filter_bar.of(Filter()).owners]
    assert offered == ["Olive Owner", "Stan Stranger", "Tom Team"]


def test_a_filter_knows_what_narrows_it() -> None:
    assert Filter(pipeline=1).is_plain
    assert Filter(status=Shown.CLOSED).is_plain
    assert not Filter(owner=Whose.MINE).is_plain
    assert Filter(owner=7, text="acme").narrowed_by == {"status", "owner", "text"}
    assert Filter(tag=3, status=Shown.ALL).narrowed_by == {"tag"}
