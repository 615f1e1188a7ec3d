"""Payment providers' calls. Each is signed over its very bytes, so it needs no form key, and nobody has to sign in.

What is done is quick: the call is written down with a promise, in one transaction, and a worker looks. A provider calls
again when it hears anything but 2xx, for days.
"""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from pipeline.domain.paying import intake
from pipeline.domain.paying.words import BadSignature, Notice, ProviderRefused
from pipeline.extensions import csrf, limiter
from pipeline.gateways import payments
from pipeline.gateways.payments import PaymentGateway
from pipeline.models.payment import Provider
from pipeline.transaction import transaction
from pipeline.web.auth import public

bp = Blueprint("hooks", __name__)
csrf.exempt(bp)

LONGEST = 512 * 1024
SIGNATURES = {Provider.STRIPE: "Stripe-Signature", Provider.SANDBOX: "Sandbox-Signature"}
PLAIN = {"Content-Type": "text/plain"}


@bp.post("/hooks/<provider>")
@public
@limiter.limit("1200 per minute")
def receive(provider: str) -> ResponseReturnValue:
    gateway = _gateway(provider)
    if gateway is None:
        return "no such provider\n", 404, PLAIN
    if (request.content_length or 0) > LONGEST:
        return "too large\n", 413, PLAIN
    try:
        notice = gateway.read(request.get_data(), request.headers.get(SIGNATURES[gateway.provider], ""))
        return _taken_in(notice, gateway) if notice else "nothing of ours\n", 200, PLAIN
    except BadSignature:
        return "bad signature\n", 400, PLAIN
    except OperationalError:
        return "busy\n", 503, PLAIN | {"Retry-After": "5"}


def _gateway(name: str) -> PaymentGateway | None:
    try:
        return payments.of(Provider(name), current_app.config["SETTINGS"]) if name in set(SIGNATURES) else None
    except ProviderRefused:
        return None


def _taken_in(notice: Notice, gateway: PaymentGateway) -> str:
    with transaction():
        is_news = intake.hear(notice, gateway.provider, is_test=gateway.is_test)
    return "thank you\n" if is_news else "known\n"
