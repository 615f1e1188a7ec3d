"""Paying in the demo: at the built-in provider, as its page would have it, so that money can be given back there."""

from datetime import timedelta
from secrets import token_urlsafe

from flask import current_app

from pipeline import clock
from pipeline.domain.paying import attempts, fulfilment
from pipeline.extensions import db
from pipeline.gateways.sandbox import PREFIX, SandboxGateway
from pipeline.gateways.sandbox_till import Choice, choose
from pipeline.models.buy_link import BuyLink
from pipeline.models.payment import SandboxSession

OPEN_FOR = timedelta(days=1)


def pay(link: BuyLink, choice: Choice = Choice.PAY) -> None:
    """Begin to pay, choose at the provider's page, come back."""
    gateway = SandboxGateway(current_app.config["SETTINGS"])
    attempt = attempts.begin(link, gateway)
    session = SandboxSession(
        ref=f"{PREFIX}{token_urlsafe(24)}",
        key=attempt.key,
        status="open",
        amount=attempt.amount,
        currency=attempt.currency,
        description="",
        success_url="",
        cancel_url="",
        payments=[],
        refunds={},
        expires_at=clock.now() + OPEN_FOR,
        created_at=clock.now(),
    )
    db.session.add(session)
    db.session.flush()
    attempts.opened(attempt, gateway.seen(session))
    choose(session, choice)
    fulfilment.fulfil(attempt.id, gateway.seen(session))
