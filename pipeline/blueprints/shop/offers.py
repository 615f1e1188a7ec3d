"""The offer at an address that only its holder knows. Reading it changes nothing and counts nothing."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.shop import page
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp, offer_asked
from pipeline.blueprints.shop.question_form import QuestionForm
from pipeline.domain import skins
from pipeline.extensions import limiter
from pipeline.models.buy_link import BuyLink
from pipeline.queries import offer as offers
from pipeline.queries.offer import Offer, Standing
from pipeline.web.auth import public

BY_OFFER = "120 per minute"
TEMPLATES = {
    Standing.GOOD: "shop/offer.html",
    Standing.WAITING: "shop/waiting.html",
    Standing.UNDECIDED: "shop/undecided.html",
    Standing.PURCHASED: "shop/thanks.html",
    Standing.UPDATED: "shop/updated.html",
}


@bp.get("/<token>")
@public
@limiter.limit(BY_PLACE)
@limiter.limit(BY_OFFER, key_func=offer_asked)
def show(token: str) -> ResponseReturnValue:
    return drawn(link_of(token))


def link_of(token: str) -> BuyLink:
    """The link with this token, or an answer that says no more than that there is none."""
    link = offers.link(token)
    if link is None:
        abort(404)
    return link


def drawn(link: BuyLink, *, asking: QuestionForm | None = None, status: int | None = None) -> ResponseReturnValue:
    """The page of an offer as it stands now, with what was just asked on it."""
    offer = offers.of(link, clock.now())
    return page.show(
        TEMPLATES.get(offer.standing, "shop/over.html"),
        skin=skins.of(link),
        status=status or status_of(offer),
        offer=offer,
        form=asking or QuestionForm(formdata=None),
        said=request.args.get("said", ""),
    )


def status_of(offer: Offer) -> int:
    return 410 if offer.standing.is_over else 200
