import pytest

from pipeline.domain.importing import mapping
from pipeline.domain.rules import RuleBroken


def test_headers_that_speak_for_themselves_map_whatever_their_spelling() -> None:
    headers = ["Deal Name", "deal_stage", "SalesAgent", "Close Date", "shoe size"]

    assert mapping.suggest(headers) == {
        "title": "Deal Name",
        "stage": "deal_stage",
        "owner": "SalesAgent",
        "closed": "Close Date",
    }


def test_what_is_said_comes_first_and_no_column_is_used_twice_by_itself() -> None:
    assert mapping.suggest(["name", "title"], {"contact": "name"}) == {"contact": "name", "title": "title"}


def test_a_field_s_own_name_wins_over_its_synonyms() -> None:
    assert mapping.suggest(["name", "title", "account", "company"]) == {"title": "title", "company": "company"}


def test_pairs_find_columns_whatever_their_case() -> None:
    assert mapping.parse(["stage=DEAL STAGE"], ["Deal Stage"]) == {"stage": "Deal Stage"}


@pytest.mark.parametrize(
    ("pair", "said"),
    [("stage", "field=column"), ("shoe=Stage", "no field “shoe”"), ("stage=Shoe", "no column “Shoe”.*Stage, Value")],
)
def test_a_pair_that_fits_nothing_is_refused_in_words(pair: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        mapping.parse([pair], ["Stage", "Value"])


def test_a_field_is_mapped_once() -> None:
    with pytest.raises(RuleBroken, match="mapped twice"):
        mapping.parse(["stage=Stage", "stage=Value"], ["Stage", "Value"])
