"""Saying what was just done, with a way back where there is one.

`flash("Saved.", "good")` says the rest. A way back is at hand for as long as it lasts, also on the pages opened since:
by the toast's button, and by a key.
"""

import time
from dataclasses import asdict, dataclass

from flask import Flask, flash, session, url_for

from pipeline import clock
from pipeline.domain import undoables
from pipeline.domain.undoables import Kept

LAST = "way_back"


@dataclass(frozen=True)
class WayBack:
    """A form that takes it back: where it goes, what it carries, and for how many seconds it is offered."""

    action: str
    fields: dict[str, str]
    seconds: int


@dataclass(frozen=True)
class Offer:
    """A page or dialog to go on to from what was just done."""

    label: str
    url: str


def prepare(app: Flask) -> None:
    app.template_global("way_back")(at_hand)


def say(text: str, *, undo: Kept | WayBack | None, tone: str = "good", offer: Offer | None = None) -> None:
    """Say it, and offer to take it back, and perhaps to go on."""
    back = _to(undo) if isinstance(undo, Kept) else undo
    if back is None and offer is None:
        flash(text, tone)
        return
    if back:
        session[LAST] = [asdict(back), time.time() + back.seconds]
    said = {"text": text, "back": back and asdict(back), "offer": offer and asdict(offer)}
    flash(said, tone)  # type: ignore[arg-type]  # the session keeps it as it is


def way(action: str, **fields: str) -> WayBack | None:
    """The way back from what has a verb of its own for it; none where undo is switched off."""
    seconds = round(undoables.window().total_seconds())
    return WayBack(action, fields, seconds) if seconds else None


def forget() -> None:
    """There is nothing to take back any more."""
    session.pop(LAST, None)


def at_hand() -> WayBack | None:
    """The last way back, while it lasts."""
    kept, until = session.get(LAST, (None, 0))
    return WayBack(**kept) if kept and time.time() < until else None


def _to(change: Kept) -> WayBack:
    seconds = round((change.until - clock.now()).total_seconds())
    url = url_for("undo.create", opportunity_id=change.opportunity_id)
    return WayBack(url, {"change": str(change.id)}, seconds)
