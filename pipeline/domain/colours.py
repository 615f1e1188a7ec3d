"""Colours as `#rrggbb`: how well two can be told apart (WCAG 2.2), and the nearest one that can."""

import re

WHITE, BLACK = "#ffffff", "#000000"
TEXT = 4.5
"""The least contrast at which text can be read by nearly everybody."""
SHAPE = 3.0
"""The least contrast at which a button can be told from the page around it."""
STEPS = 256

_HEX = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    return _HEX.fullmatch(text.lower()) is not None


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance: 0 is black, 1 is white."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def is_dark(colour: str) -> bool:
    """Whether white stands out from it better than black."""
    return contrast(colour, WHITE) > contrast(colour, BLACK)


def label_on(colour: str) -> str:
    """White if it can be read on the colour, else black, which then can."""
    return WHITE if contrast(WHITE, colour) >= TEXT else BLACK


def mixed(one: str, other: str, share: float) -> str:
    """The first colour with so much of the second in it."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def nearest(colour: str, against: str, least: float) -> str:
    """The colour, made as little darker or lighter as gives it at least that contrast."""
    for step in range(STEPS + 1):
        for end in (WHITE, BLACK) if is_dark(against) else (BLACK, WHITE):
            tried = mixed(colour, end, step / STEPS)
            if contrast(tried, against) >= least:
                return tried
    return label_on(against)


def quieter(ink: str, page: str, least: float) -> str:
    """As much of the page mixed into its ink as leaves at least that contrast; the ink itself if it has less."""
    tried = (mixed(ink, page, step / STEPS) for step in range(STEPS // 2, 0, -1))
    return next((colour for colour in tried if contrast(colour, page) >= least), ink)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's own figures


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
