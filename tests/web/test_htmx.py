"""Fragments find the element they replace by the id of their root."""

import pytest
from markupsafe import Markup

from pipeline.models.opportunity import Opportunity
from pipeline.web.globals import dom_id, hue
from pipeline.web.htmx import aimed
from pipeline.web.safety import address_here


def test_a_fragment_is_aimed_at_the_id_of_its_root() -> None:
    sent = aimed(Markup('\n<tr class="row" id="deal-4"><td id="inner"></td></tr>'))
    assert sent.startswith('<hx-partial id="deal-4" hx-swap="outerHTML">')


def test_a_fragment_without_an_id_is_refused() -> None:
    with pytest.raises(RuntimeError, match="needs an id"):
        aimed(Markup("<p>where to?</p>"))


def test_ids_are_made_of_a_name_a_number_and_more_words() -> None:
    assert dom_id(Opportunity(id=42), "card") == "opportunity-42-card"
    assert dom_id("opportunity", 42, "card") == "opportunity-42-card"
    assert dom_id(Opportunity()) == "opportunity-new"


def test_neighbours_wear_hues_that_differ() -> None:
    assert len({hue(number) for number in range(12)}) == 12


@pytest.mark.parametrize("path", ["/board?status=won", "/"])
def test_an_address_here_is_believed(path: str) -> None:
    assert address_here(path) == path


@pytest.mark.parametrize("path", [None, "", "board", "//host", "/\\host", "/a\nb", "http://host/", "/ x"])
def test_any_other_is_not(path: str | None) -> None:
    assert address_here(path) is None
