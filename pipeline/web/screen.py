"""What belongs to the screen, not to the person, kept in cookies: the theme, and whether single keys do things."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.web.safety import address_here

THEMES = ("auto", "light", "dark")
KEYS = ("on", "off")
A_YEAR = 365 * 24 * 60 * 60


def theme() -> str:
    """Light, dark, or as the device says."""
    return _kept("theme", THEMES)


def keys() -> str:
    """Whether pressing a single letter does something: on or off."""
    return _kept("keys", KEYS)


def keep(name: str, choices: tuple[str, ...]) -> ResponseReturnValue:
    """Keep what a form chose, and go back to where it was chosen."""
    response = redirect(address_here(request.form.get("next")) or url_for("start.show"), 303)
    chosen = request.form.get(name)
    if chosen in choices:
        response.set_cookie(name, chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _kept(name: str, choices: tuple[str, ...]) -> str:
    chosen = request.cookies.get(name, "")
    return chosen if chosen in choices else choices[0]
