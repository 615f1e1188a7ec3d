"""Skins: how the pages look and speak that prospects see. One is built in, for whoever made none."""

from pipeline.models.buy_link import BuyLink
from pipeline.models.skin import Skin

BUILT_IN_ID = 0


def of(link: BuyLink) -> Skin:
    """What an offer wears: its own skin, else its pipeline's, else the built-in one. An archived one is still worn."""
    return link.skin or link.opportunity.pipeline.skin or built_in()


def built_in() -> Skin:
    """The skin of those who made none. It is no row."""
    return Skin(
        id=BUILT_IN_ID,
        name="Plain",
        logo_type=None,
        accent="#1f5eff",
        background="#ffffff",
        ink="#1b1f24",
        header="",
        footer="",
        terms="",
        thanks="",
        version=1,
        archived_at=None,
    )
