"""What is answered to a move and to taking one back: the truth on the board, or the page it was asked from."""

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.opportunities import beneath, record
from pipeline.domain import buy_links, moves
from pipeline.domain.undoables import Kept
from pipeline.domain.waking import RESTING
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity, Status
from pipeline.web import origin, toasts
from pipeline.web.htmx import NO_DIALOG, Fragment, go, is_htmx, partials
from pipeline.web.toasts import Offer

IN_DIALOG = "in_dialog"
"""What the forms of a dialog carry: only their answer closes it, not that of a card dragged meanwhile."""


AWAITED = (Status.OPEN, Status.LOST)
"""What may be worth waking where deals rest."""


def page_of(opportunity_id: int) -> str:
    if request.values.get("back") == "record":
        return url_for("opportunities.show", opportunity_id=opportunity_id)
    return origin.asked_from(url_for("board.show"))


def truth_of(opportunity: Opportunity, seen_version: int | None, target: int) -> Callable[[], list[Fragment]]:
    """The record where it is open; the card in its place, and the heads of the columns that a move may touch: where it
    was seen, is, and was to go.
    """
    page = page_of(opportunity.id)
    before, version = opportunity.stage_id, opportunity.version

    def draw() -> list[Fragment]:
        news = seen_version is not None and seen_version != version and opportunity.version == version
        stages = {before, target} | ({moves.stage_id_at(opportunity, seen_version)} if news else set())
        return [*record.after_move(opportunity), *beneath.card(opportunity, stages, page=page)]

    return draw


def say(opportunity: Opportunity, words: str, *, undo: Kept | None) -> None:
    """What became of it, with the way back, and with what may be seen to now that it rests or is won."""
    offer = None
    if opportunity.wake_on is None and opportunity.stage.kind in RESTING and opportunity.status in AWAITED:
        offer = Offer("Wake up when?", url_for("wake_ups.ask", opportunity_id=opportunity.id))
    elif opportunity.status is Status.WON and (link := _still_payable(opportunity)):
        words = f"{words} Its buy-now link can still be paid."
        where = url_for("buy_links.ask_revocation", opportunity_id=opportunity.id, link_id=link.id)
        offer = Offer("Revoke link", where)
    toasts.say(words, undo=undo, offer=offer)


def _still_payable(opportunity: Opportunity) -> BuyLink | None:
    link = buy_links.current(opportunity)
    return link if link and buy_links.why_not_good(link, clock.now()) is None else None


def done(opportunity: Opportunity, redraw: Callable[[], list[Fragment]]) -> ResponseReturnValue:
    fragments = redraw() if is_htmx() else []
    if not fragments:
        return go(page_of(opportunity.id))
    return partials(*fragments, *([NO_DIALOG] if IN_DIALOG in request.form else []))
