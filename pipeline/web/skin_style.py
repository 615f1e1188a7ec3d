"""A skin as a stylesheet: a dozen custom properties, of which the prospects' stylesheet draws everything."""

from functools import lru_cache
from zlib import crc32

from pipeline.domain import colours, skins
from pipeline.models.skin import Skin

READABLE = 5.5
"""What quieter text keeps of contrast, where the skin's own text has as much."""
NIGHT = ("#6f9bff", "#15181c", "#e8eaed")


def of(skin: Skin) -> str:
    """Its colours by day and by night; only the built-in skin, which is nobody's own, has others at night."""
    style = f":root{{{tokens(skin.accent, skin.background, skin.ink)}}}\n"
    if skin.id == skins.BUILT_IN_ID:
        style += f"@media screen and (prefers-color-scheme:dark){{:root{{{tokens(*NIGHT)}}}}}\n"
    return style


def edition(skin: Skin) -> str:
    """Another word whenever the stylesheet is another one: because the skin is, or because we draw it differently."""
    return f"{crc32(of(skin).encode()):08x}"


@lru_cache(maxsize=100)
def tokens(accent: str, page: str, ink: str) -> str:
    scheme = "dark" if colours.is_dark(page) else "light"
    sunken = colours.mixed(page, ink, 0.045)
    if colours.contrast(ink, sunken) < colours.TEXT:
        sunken = page
    meanings = {
        "accent": accent,
        "on-accent": colours.label_on(accent),
        "page": page,
        "ink": ink,
        "quiet": colours.quieter(ink, sunken, READABLE),
        "line": colours.mixed(page, ink, 0.16),
        "edge": colours.quieter(ink, page, colours.SHAPE),
        "sunken": sunken,
    }
    return f"color-scheme:{scheme};" + ";".join(f"--{name}:{colour}" for name, colour in meanings.items())
