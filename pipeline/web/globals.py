"""What every template may say: who is signed in, what they may do, ids, icons, and where one can go."""

from functools import lru_cache

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from pipeline import clock
from pipeline.domain import access, rotting
from pipeline.domain.access import Permission
from pipeline.domain.rotting import Reckoning
from pipeline.models.base import Base
from pipeline.models.card_layout import STANDARD, CardLayout
from pipeline.models.opportunity import Opportunity
from pipeline.web import formats, marking, navigation, origin, panel, prose, screen, silence
from pipeline.web.assets import asset
from pipeline.web.auth import me_or_nobody, unread
from pipeline.web.htmx import is_htmx

HUES = 12
STRIDE = 5


def prepare(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    formats.prepare(app)
    marking.prepare(app)
    prose.prepare(app)
    app.jinja_env.globals.update(
        Permission=Permission,
        asking=origin.asking,
        can=can,
        card_layout=card_layout,
        dom_id=dom_id,
        hue=hue,
        icon=icon,
        in_panel=panel.is_open,
        is_htmx=is_htmx,
        me=me_or_nobody,
        navigation=navigation,
        reckoning=reckoning,
        keys=screen.keys,
        known_of_bell=silence.known,
        silent=silence.told,
        theme=screen.theme,
        waiting=unread,
    )


def dom_id(thing: Base | str, *more: object) -> str:
    """The only maker of ids of fragments: `opportunity-42`, and with more words `opportunity-42-card`.

    Where no model is at hand, its name and number will do: `dom_id("opportunity", 42, "card")`.
    """
    words = [thing] if isinstance(thing, str) else [type(thing).__name__.lower(), getattr(thing, "id", None) or "new"]
    return "-".join(str(word) for word in (*words, *more))


def reckoning(opportunity: Opportunity) -> Reckoning | None:
    """How long nobody was in touch about a deal, by the reader's calendar."""
    return rotting.reckoning_of(opportunity, clock.today(me_or_nobody()))


def card_layout() -> CardLayout:
    """How the person who is signed in wants the cards of the board."""
    person = me_or_nobody()
    return (person and person.card_layout) or STANDARD


def can(permission: Permission) -> bool:
    """Whether the person who is signed in may do this kind of thing."""
    person = me_or_nobody()
    return person is not None and access.can(person, permission)


def hue(number: int | None) -> str:
    """The class that gives a thing its colour, always the same for a number, and unlike its neighbours'."""
    return f"hue-{(number or 0) * STRIDE % HUES}"


def icon(name: str, *, size: int = 20, label: str | None = None) -> Markup:
    """A drawing from `static/icons`. With a label it speaks; without one it is decoration."""
    return _drawing(asset("icons.svg"), name, size, label)


@lru_cache(maxsize=500)
def _drawing(sheet: str, name: str, size: int, label: str | None) -> Markup:
    speech = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" width="{0}" height="{0}" {1}><use href="{2}#{3}"></use></svg>').format(
        size, speech, sheet, name
    )
