"""Colours: what can be told apart, by the figures of WCAG 2.2."""

import pytest

from pipeline.domain import colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_the_standard_says(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize("colour", ["#ff0000", "#ffcc00", "#777777", "#000000", "#ffffff", "#1f5eff"])
def test_words_on_a_colour_can_be_read(colour: str) -> None:
    assert colours.contrast(colours.label_on(colour), colour) >= colours.TEXT


@pytest.mark.parametrize("colour", ["#ffcc00", "#777777", "#ffffff", "#eeeeee", "#112233"])
@pytest.mark.parametrize("against", ["#ffffff", "#15181c", "#808080"])
@pytest.mark.parametrize("least", [3.0, 4.5])
def test_the_nearest_colour_is_enough_and_no_further_than_it_must_be(colour: str, against: str, least: float) -> None:
    near = colours.nearest(colour, against, least)
    assert colours.contrast(near, against) >= least
    if colours.contrast(colour, against) >= least:
        assert near == colour
    else:
        assert colours.contrast(near, against) < least + 0.35


@pytest.mark.parametrize(("ink", "page"), [("#1b1f24", "#ffffff"), ("#767676", "#ffffff"), ("#e8eaed", "#15181c")])
def test_quieter_text_stays_readable(ink: str, page: str) -> None:
    assert colours.contrast(colours.quieter(ink, page, 5.5), page) >= colours.TEXT
    assert colours.quieter("#767676", "#ffffff", 5.5) == "#767676"


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#1234567", "", "#12345;"])
def test_what_is_no_colour_is_none(text: str) -> None:
    assert not colours.is_colour(text)
