"""The button: a press is counted, and whoever pressed is sent to the payment provider with the offer's own price.

What the form carries is not read: the address names the offer, and the offer knows what it costs.
"""

from datetime import timedelta

import structlog
from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from pipeline import clock
from pipeline.blueprints.shop import page
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp, offer_asked
from pipeline.blueprints.shop.offers import link_of
from pipeline.domain import buy_links, skins
from pipeline.domain.paying import attempts
from pipeline.domain.paying.attempts import NotForSale
from pipeline.domain.paying.words import ProviderError
from pipeline.extensions import limiter
from pipeline.gateways import cashier, payments
from pipeline.models.buy_link import BuyLink
from pipeline.models.payment import AttemptState, CheckoutAttempt
from pipeline.transaction import transaction
from pipeline.web.auth import me_or_nobody, public

BY_OFFER = "30 per minute"
ONE_PRESS = timedelta(seconds=10)

log = structlog.get_logger(__name__)


@bp.post("/<token>/checkout")
@public
@limiter.limit(BY_PLACE)
@limiter.limit(BY_OFFER, key_func=offer_asked)
def checkout(token: str) -> ResponseReturnValue:
    link = link_of(token)
    its_page = url_for("shop.show", token=token)
    try:
        attempt = _begun(link)
        if attempt.state is AttemptState.OPENING:
            attempt = cashier.open_session(attempt.id, current_app.config["SETTINGS"])
    except NotForSale:
        return redirect(its_page, 303)
    except (ProviderError, OperationalError) as error:
        log.warning("no session was opened", error=str(error))
        return page.show("shop/unreachable.html", skin=skins.of(link_of(token)), status=503)
    is_open = attempt.state is AttemptState.OPEN and attempt.url
    return redirect(attempt.url if is_open and attempt.url else its_page, 303)


def _begun(link: BuyLink) -> CheckoutAttempt:
    """The attempt that this press leads to, and the press counted: staff who try it out are not, nor a double press."""
    is_staff, present = me_or_nobody() is not None, clock.now()
    with transaction():
        attempt = attempts.begin(link, payments.gateway(current_app.config["SETTINGS"]))
        is_same_press = attempt.opened_at < present < attempt.opened_at + ONE_PRESS
        if not is_staff and not is_same_press:
            buy_links.click(link)
    return attempt
