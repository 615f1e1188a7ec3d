"""Back from the payment provider: what became of the money is asked there; the address one comes by proves nothing."""

from datetime import timedelta

import structlog
from flask import abort, current_app, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from pipeline import clock
from pipeline.blueprints.shop import page
from pipeline.blueprints.shop.blueprint import BY_PLACE, bp, offer_asked
from pipeline.blueprints.shop.offers import link_of
from pipeline.blueprints.shop.question_form import QuestionForm
from pipeline.domain import skins
from pipeline.domain.paying import attempts
from pipeline.domain.paying.words import ProviderError
from pipeline.extensions import limiter
from pipeline.gateways import cashier
from pipeline.models.payment import AttemptState, CheckoutAttempt, PaymentFlag
from pipeline.queries import offer as offers
from pipeline.web.auth import public

BY_OFFER = "60 per minute"
FRESH = timedelta(seconds=3)
AGAIN_AFTER = 10

log = structlog.get_logger(__name__)


@bp.get("/<token>/return/<key>")
@public
@limiter.limit(BY_PLACE)
@limiter.limit(BY_OFFER, key_func=offer_asked)
def come_back(token: str, key: str) -> ResponseReturnValue:
    attempt = attempts.named(link_of(token), key)
    if attempt is None:
        abort(404)
    try:
        attempt = _seen(attempt)
    except (ProviderError, OperationalError) as error:
        log.warning("no answer about a payment yet", error=str(error))
        return _wait(token, "shop/checking.html", status=503)
    if attempt.state is AttemptState.PENDING:
        return _wait(token, "shop/waiting.html")
    undecided = {payment.flag for payment in attempt.payments if payment.awaits_decision}
    if undecided:
        return _said(token, "shop/paid_twice.html" if undecided == {PaymentFlag.DOUBLE} else "shop/undecided.html")
    return redirect(url_for("shop.show", token=token), 303)


def _seen(attempt: CheckoutAttempt) -> CheckoutAttempt:
    """As the provider has it now; what was asked a moment ago, or is over, is not asked again."""
    is_fresh = clock.now() - attempt.checked_at < FRESH and attempt.state is AttemptState.PENDING
    if attempt.state.is_over or is_fresh:
        return attempt
    return cashier.look(attempt.id, current_app.config["SETTINGS"])


def _wait(token: str, template: str, *, status: int = 200) -> ResponseReturnValue:
    """A page that looks again by itself, without JavaScript."""
    response = make_response(_said(token, template, status=status))
    response.headers["Refresh"] = str(AGAIN_AFTER)
    return response


def _said(token: str, template: str, *, status: int = 200) -> ResponseReturnValue:
    link = link_of(token)
    offer = offers.of(link, clock.now())
    return page.show(
        template, skin=skins.of(link), status=status, offer=offer, form=QuestionForm(formdata=None), said=""
    )
