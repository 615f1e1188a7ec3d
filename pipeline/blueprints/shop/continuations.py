"""From an offer that was updated on to the one that took its place."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp
from pipeline.blueprints.shop.offers import link_of
from pipeline.domain import buy_links
from pipeline.domain.via import Via
from pipeline.extensions import limiter
from pipeline.models.buy_link import LinkState
from pipeline.queries import offer as offers
from pipeline.transaction import transaction
from pipeline.web.auth import public


@bp.post("/<token>/continuation")
@public
@limiter.limit(BY_PLACE)
def go_on(token: str) -> ResponseReturnValue:
    """Who has seen the new price goes on to the new offer, which is published for them if nobody did."""
    link = link_of(token)
    with transaction():
        newer = offers.newer_than(link, clock.now())
        if newer is not None and newer.state is LinkState.DRAFT:
            buy_links.publish(newer, by=None, via=Via.PURCHASE)
    return redirect(url_for("shop.show", token=newer.token if newer else token), 303)
