"""Skins: made by admins, readable always, and never lost by what wears them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pipeline.domain import buy_links, logos, pipelines, skins
from pipeline.domain.facts import SettingChanged
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.domain.skins import Look
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.skin import Skin
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

HARBOR = Look(name="Harbor", accent="#0a6b4b", header="**Harbor**", terms="Pay, and it is yours.")
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def made(look: Look = HARBOR, **known: object) -> Skin:
    with transaction():
        return skins.create(look, by=None, **known)  # type: ignore[arg-type]


def test_a_skin_is_made_and_its_making_written_down(cast: Cast) -> None:
    with transaction():
        skin = skins.create(replace(HARBOR, name="  Harbor \n light "), by=cast.ada, logo=logos.read(PNG))
    assert (skin.name, skin.accent, skin.version) == ("Harbor light", "#0a6b4b", 1)
    assert (skin.logo, skin.logo_type) == (PNG, "image/png")
    event = db.session.scalars(select(Event).where(Event.kind == SettingChanged.kind())).one()
    assert (event.subject, event.actor_id) == (f"skin:{skin.id}", cast.ada.id)


def test_a_change_counts_its_version_up_and_nothing_changed_does_not(app: object) -> None:
    skin = made(logo=logos.read(PNG))
    with transaction():
        skins.change(skin, HARBOR, by=None)
    assert skin.version == 1
    with transaction():
        skins.change(skin, replace(HARBOR, footer="By the sea"), by=None)
    assert (skin.version, skin.footer, skin.logo) == (2, "By the sea", PNG)
    with transaction():
        skins.change(skin, replace(HARBOR, footer="By the sea"), by=None, logo=None)
    assert (skin.version, skin.logo, skin.logo_type) == (3, None, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ink": "#aaaaaa"}, "Text on the page has a contrast of 2.32, and needs 4.5"),
        ({"background": "#1b1f24"}, "Text on the page has a contrast of 1.00"),
        ({"accent": "#ffe600"}, "The button on the page has a contrast of 1.26, and needs 3"),
        ({"accent": "green"}, "no colour for the accent"),
        ({"name": " "}, "name cannot be empty"),
        ({"terms": "x" * 8001}, "Terms have at most 8000 letters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(app: object, change: dict[str, str], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        made(replace(HARBOR, **change))
    assert db.session.scalars(select(Skin)).all() == []


def test_the_colour_that_is_proposed_is_taken(app: object) -> None:
    look = replace(HARBOR, accent="#ffe600", ink="#aaaaaa")
    nearest = {pair.field: pair.nearest for pair in skins.pairs(look) if not pair.is_enough}
    assert made(replace(look, **nearest)).version == 1


def test_a_name_is_taken_once(app: object) -> None:
    made()
    with pytest.raises(RuleBroken, match="already"):
        made(replace(HARBOR, name="HARBOR"))


def test_only_admins_set_up_skins(cast: Cast) -> None:
    skin = made()
    for deed in (
        lambda: skins.create(replace(HARBOR, name="Other"), by=cast.olive),
        lambda: skins.change(skin, HARBOR, by=cast.olive),
        lambda: skins.archive(skin, by=cast.olive),
        lambda: skins.restore(skin, by=cast.olive),
    ):
        with pytest.raises(NotAllowed), transaction():
            deed()


def test_an_archived_skin_is_still_worn_and_comes_back(cast: Cast) -> None:
    skin = made()
    link = factories.buy_link(factories.deal(factories.sales_pipeline(), owner=cast.olive), skin=skin)
    with transaction():
        skins.archive(skin, by=None)
        skins.archive(skin, by=None)
    assert skins.of(link) is skin
    with pytest.raises(RuleBroken, match="archived"), transaction():
        skins.change(skin, HARBOR, by=None)
    with pytest.raises(RuleBroken, match="archived"), transaction():
        buy_links.make(link.opportunity, by=None, skin=skin)
    with transaction():
        skins.restore(skin, by=None)
    assert skin.archived_at is None


def test_a_pipelines_own_skin_is_not_archived(cast: Cast) -> None:
    skin, pipeline = made(), factories.sales_pipeline("Direct")
    with transaction():
        pipelines.change(pipeline, by=None, skin=skin)
    with pytest.raises(RuleBroken, match="The links of Direct wear this skin"), transaction():
        skins.archive(skin, by=None)


def test_an_offer_wears_its_own_skin_else_its_pipelines_else_the_built_in_one(cast: Cast) -> None:
    pipeline = factories.sales_pipeline()
    link = factories.buy_link(factories.deal(pipeline, owner=cast.olive))
    assert skins.of(link).id == skins.BUILT_IN_ID
    own, pipelines_own = made(), made(replace(HARBOR, name="Direct"))
    with transaction():
        pipeline.skin = pipelines_own
    assert skins.of(link) is pipelines_own
    with transaction():
        link.skin = own
    assert skins.of(link) is own


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0picture", "image/jpeg"),
        (b"GIF89apicture", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_a_logo_is_known_by_its_first_bytes(content: bytes, kind: str) -> None:
    assert logos.read(content).type == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<html>",
        b"RIFF\x00\x00\x00\x00WAVE",
        PNG * 9999,
    ],
)
def test_what_is_no_small_picture_is_no_logo(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        logos.read(content)
