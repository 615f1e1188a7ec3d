"""Where the prospects' views are hung, with what is true of every answer they get.

Prospects have no session, and their browser may keep no cookies. What entitles them is the token in the address: who
could forge their form would have to know it, and could then send the form themselves. So these forms carry no other.
"""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, TooManyRequests

from pipeline.blueprints.shop import page
from pipeline.domain.rules import RuleBroken
from pipeline.domain.submissions import SentAlready
from pipeline.extensions import csrf
from pipeline.settings import Settings
from pipeline.web.errors import status_of

bp = Blueprint("shop", __name__, url_prefix="/buy")
csrf.exempt(bp)

BY_PLACE = "240 per minute"
"""How often one address may look: an office full of people, and not a machine that tries tokens."""


def offer_asked() -> str:
    """For limits: one offer, whoever asks for it."""
    return f"offer {(request.view_args or {}).get('token')}"


@bp.after_request
def guard(response: Response) -> Response:
    """No search engine lists an offer, no other site learns its address, and nothing on it comes from elsewhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = policy(current_app.config["SETTINGS"])
    return response


def policy(settings: Settings) -> str:
    """A form may lead to the payment provider, whose pages can have any name: browsers ask about each step there."""
    onward = f" https: {settings.stripe_api_base}".rstrip() if settings.stripe_secret_key else ""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self'{onward}"
    )


@bp.errorhandler(NotFound)
def nothing_here(error: NotFound) -> ResponseReturnValue:
    return page.show("shop/unknown.html", status=404)


@bp.errorhandler(TooManyRequests)
def too_many(error: TooManyRequests) -> ResponseReturnValue:
    words = "There were too many requests from where you are. Wait a minute, then go back and try again."
    return page.show("shop/refused.html", title="One moment, please", words=words, status=429)


@bp.errorhandler(SentAlready)
def sent_already(refusal: SentAlready) -> ResponseReturnValue:
    """A second press asks nothing again, and thanks like the first."""
    return redirect(url_for("shop.show", token=(request.view_args or {})["token"], said="asked"), 303)


@bp.errorhandler(RuleBroken)
def refused(broken: RuleBroken) -> ResponseReturnValue:
    return page.show("shop/refused.html", title="This was not done", words=broken.message, status=status_of(broken))
