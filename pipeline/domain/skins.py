"""Skins: how the pages look and speak that prospects see. One is built in, for whoever made none.

What is on them can be read: a skin whose colours are too alike is refused, with what would do.
"""

from dataclasses import asdict, dataclass
from types import EllipsisType

from sqlalchemy import select

from pipeline import clock
from pipeline.domain import access, changes, colours, events, naming
from pipeline.domain.access import Permission
from pipeline.domain.colours import contrast
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.logos import Logo
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.order import Order
from pipeline.models.pipeline import Pipeline
from pipeline.models.skin import Skin
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up skins."
BUILT_IN_ID = 0
LONGEST_NAME = 80
LONGEST_TEXT = 2_000
LONGEST_TERMS = 8_000
COLOURS = ("accent", "background", "ink")


@dataclass(frozen=True)
class Look:
    """Colours as `#rrggbb`, texts as Markdown."""

    name: str
    accent: str = "#1f5eff"
    background: str = "#ffffff"
    ink: str = "#1b1f24"
    header: str = ""
    footer: str = ""
    terms: str = ""
    thanks: str = ""


@dataclass(frozen=True)
class Pair:
    """Two colours that have to be told apart, and how well they are. `nearest` is what `field` should be instead."""

    says: str
    field: str
    ratio: float
    least: float
    nearest: str

    @property
    def is_enough(self) -> bool:
        return self.ratio >= self.least

    @property
    def spoken(self) -> str:
        """What people call the colour that is to be changed."""
        return {"ink": "text", "accent": "button"}[self.field]

    @property
    def shown(self) -> str:
        """Rounded down, so that 4.49 does not look like enough."""
        return f"{int(self.ratio * 100) / 100:.2f}"


def of(link: BuyLink) -> Skin:
    """What an offer wears: its own skin, else its pipeline's, else the built-in one. An archived one is still worn."""
    return link.skin or link.opportunity.pipeline.skin or built_in()


def of_order(order: Order) -> Skin:
    """What a receipt wears: what the offer wore, or what the deal's pipeline wears where there was none."""
    return of(order.link) if order.link else order.opportunity.pipeline.skin or built_in()


def built_in() -> Skin:
    """The skin of those who made none. It is no row."""
    return drafted(Look(name="Plain"))


def drafted(look: Look, *, number: int = BUILT_IN_ID) -> Skin:
    """A skin to look at, that is kept nowhere."""
    return Skin(id=number, logo_type=None, version=1, archived_at=None, **asdict(look))


def create(look: Look, *, by: User | None, logo: Logo | None = None) -> Skin:
    """A new skin. Refuses a name that is taken, and colours that cannot be read."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    skin = Skin(**_checked(look, None), version=1)
    skin.logo, skin.logo_type = (logo.content, logo.type) if logo else (None, None)
    db.session.add(skin)
    db.session.flush()
    _record(skin, [Change(field="name", before="", after=skin.name)], by)
    return skin


def change(skin: Skin, look: Look, *, by: User | None, logo: Logo | EllipsisType | None = ...) -> None:
    """Change it on every offer that wears it. The logo stays unless another is given; None takes it away."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if skin.archived_at is not None:
        raise RuleBroken("This skin is archived. Bring it back before you change it.")
    values = _checked(look, skin)
    made = changes.between(skin, values)
    if not isinstance(logo, EllipsisType):
        made += _hang(logo, skin)
    if not made:
        return
    for field, value in values.items():
        setattr(skin, field, value)
    skin.version += 1
    _record(skin, made, by)


def archive(skin: Skin, *, by: User | None) -> None:
    """Offer it no more; links that wear it keep it. Refused while it is a pipeline's own."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if skin.archived_at is not None:
        return
    if wearing := db.session.scalars(
        select(Pipeline.name).where(Pipeline.skin_id == skin.id).order_by(Pipeline.name)
    ).all():
        raise RuleBroken(f"The links of {' and '.join(wearing)} wear this skin. Choose another there first.")
    skin.archived_at = clock.now()
    _record(skin, [Change(field="archived", before="no", after="yes")], by)


def restore(skin: Skin, *, by: User | None) -> None:
    """Offer it again, as it was."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if skin.archived_at is not None:
        skin.archived_at = None
        _record(skin, [Change(field="archived", before="yes", after="no")], by)


def pairs(look: Look) -> list[Pair]:
    """What has to be told apart on a page, by WCAG 2.2: text, the button, and the words on it, each from its ground."""
    accent, page, ink = look.accent, look.background, look.ink
    label = colours.label_on(accent)
    compared = (
        ("Text on the page", "ink", ink, page, colours.TEXT),
        ("The button on the page", "accent", accent, page, colours.SHAPE),
        ("The words on the button", "accent", accent, label, colours.TEXT),
    )
    return [
        Pair(says, field, contrast(one, other), least, colours.nearest(one, other, least))
        for says, field, one, other, least in compared
    ]


def _checked(look: Look, but: Skin | None) -> dict[str, object]:
    name = naming.free(Skin, look.name, noun="skin", longest=LONGEST_NAME, but=but)
    texts = {field: getattr(look, field).replace("\r\n", "\n").strip() for field in ("header", "footer", "thanks")}
    terms = look.terms.replace("\r\n", "\n").strip()
    if any(len(text) > LONGEST_TEXT for text in texts.values()) or len(terms) > LONGEST_TERMS:
        raise RuleBroken(f"Terms have at most {LONGEST_TERMS} letters, the other texts {LONGEST_TEXT}.")
    return {"name": name, **_readable(look), **texts, "terms": terms}


def _readable(look: Look) -> dict[str, str]:
    tones = {field: getattr(look, field).strip().lower() for field in COLOURS}
    for field, colour in tones.items():
        if not colours.is_colour(colour):
            raise RuleBroken(f"“{colour}” is no colour for the {field}; write it like #1f5eff.")
    for pair in pairs(Look(name=look.name, **tones)):
        if not pair.is_enough:
            raise RuleBroken(
                f"{pair.says} has a contrast of {pair.shown}, and needs {pair.least:g} to be read. "
                f"{pair.nearest} would do for the {pair.spoken}."
            )
    return tones


def _hang(logo: Logo | None, skin: Skin) -> list[Change]:
    if logo is None and skin.logo_type is None:
        return []
    before = "none" if skin.logo_type is None else "the old one"
    skin.logo, skin.logo_type = (logo.content, logo.type) if logo else (None, None)
    return [Change(field="logo", before=before, after="a new one" if logo else "none")]


def _record(skin: Skin, made: list[Change], by: User | None) -> None:
    events.record(SettingChanged(what=f"Skin “{skin.name}”", changes=made), about=skin, by=by)
