"""What happens around a payment by Stripe: it calls us, the payer comes back, the workers look, somebody has won."""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from pipeline import clock
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.domain.paying import reconciling
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from pipeline.models.payment import Payment
from pipeline.transaction import transaction
from tests.support.history import facts
from tests.support.prospect import Prospect
from tests.support.stripe_standin.account import Thing
from tests.support.stripe_standin.standin import StripeStandin
from tests.tasks.conftest import Engine


def call(prospect: Prospect, stripe: StripeStandin, *events: Thing, **how: object) -> list[int]:
    """Stripe calls us about these."""
    signed = [stripe.sign(event, **how) for event in events]
    post = prospect.client.post
    return [post("/hooks/stripe", data=each.body, headers=each.headers).status_code for each in signed]


def come_back(prospect: Prospect, stripe: StripeStandin, session_ref: str) -> int:
    return prospect.get(urlsplit(stripe.find(session_ref)["success_url"]).path).status_code


def reconcile(engine: Engine, after: timedelta = timedelta(minutes=3)) -> None:
    with clock.travelled(after):
        with transaction():
            reconciling.promise_looks()
        engine.run()


def payments() -> list[Payment]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Payment).order_by(Payment.id)))


def is_won_once(link: BuyLink) -> bool:
    db.session.rollback()
    db.session.expire_all()
    orders = db.session.scalars(select(Order)).all()
    bought = facts(link.opportunity, OpportunityPurchased)
    return (link.state, link.opportunity.status, len(orders), len(bought)) == (
        LinkState.PURCHASED,
        Status.WON,
        1,
        1,
    )
