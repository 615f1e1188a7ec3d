"""Talking to payment providers about what is on our books: calls with no transaction open, answers written down.

Whatever is done here may be done again, by anybody, at any time: keys and `fulfil` see to it that it counts once.
"""

from pipeline import clock
from pipeline.domain.paying import attempts, baskets, fulfilment, refunds, renewals
from pipeline.domain.paying.words import ProviderDown, ProviderError, ProviderRefused
from pipeline.extensions import db
from pipeline.gateways import payments
from pipeline.models.payment import AttemptState, CheckoutAttempt
from pipeline.settings import Settings
from pipeline.transaction import transaction


def open_session(attempt_id: int, settings: Settings) -> CheckoutAttempt:
    """Open the attempt's session, for the first time or again. Raises `ProviderError`, noted beside the attempt."""
    attempt = _read(attempt_id)
    provider, basket, key = attempt.provider, baskets.of(attempt), attempt.key
    _let_go()
    try:
        session = payments.of(provider, settings).open(basket, key=key)
    except ProviderError as error:
        note = attempts.failed if isinstance(error, ProviderRefused) else attempts.unanswered
        with transaction():
            note(_read(attempt_id), str(error))
        raise
    with transaction():
        attempts.opened(_read(attempt_id), session)
    return _read(attempt_id)


def look(attempt_id: int, settings: Settings) -> CheckoutAttempt:
    """See how the attempt's session stands, and take in what came of it; end one that nobody should pay in any more.

    One that was never heard to be open is opened again by its key, as long as the provider remembers that.
    """
    attempt = _read(attempt_id)
    if attempt.session_ref is None:
        return _opened_after_all(attempt, settings)
    provider, ref = attempt.provider, attempt.session_ref
    ends = attempt.state is AttemptState.EXPIRE_PENDING
    _let_go()
    try:
        gateway = payments.of(provider, settings)
        session = gateway.expire(ref) if ends else gateway.fetch(ref)
    except ProviderError as error:
        with transaction():
            attempts.unanswered(_read(attempt_id), str(error))
        raise
    with transaction():
        attempt = fulfilment.fulfil(attempt_id, session)
        is_idle = attempt.state is AttemptState.OPEN and not attempts.is_for_sale(attempt.link)
        if is_idle:
            attempt.state = AttemptState.EXPIRE_PENDING
    return look(attempt_id, settings) if is_idle else attempt


def refund(refund_id: int, settings: Settings) -> None:
    """Have money given back. Raises `ProviderDown` where nobody knows yet: asked again, it counts once."""
    errand = refunds.errand(refund_id)
    _let_go()
    if errand is None:
        return
    try:
        gateway = payments.of(errand.provider, settings)
        seen = gateway.refund(errand.payment_ref, errand.amount, errand.currency, key=errand.key)
        if errand.session_ref and (subscription := gateway.fetch(errand.session_ref).subscription_ref):
            gateway.end_subscription(subscription, key=f"{errand.key}-end")
    except ProviderDown:
        raise
    except ProviderError as error:
        with transaction():
            refunds.refuse(refund_id, str(error))
        return
    with transaction():
        refunds.settle(refund_id, seen)


def look_at_refund(refund_id: int, settings: Settings) -> None:
    """See whether money that went back has come back to us."""
    sent = refunds.sent(refund_id)
    _let_go()
    if sent is None:
        return
    provider, refund_ref = sent
    seen = payments.of(provider, settings).refunded(refund_ref)
    with transaction():
        refunds.see(refund_id, seen)


def renew(order_id: int, settings: Settings) -> None:
    """Take in what a subscription was charged since."""
    subscription = renewals.subscription_of(order_id)
    _let_go()
    if subscription is None:
        return
    provider, ref = subscription
    charged = payments.of(provider, settings).renewals(ref)
    with transaction():
        renewals.take_in(order_id, provider, charged)


def _opened_after_all(attempt: CheckoutAttempt, settings: Settings) -> CheckoutAttempt:
    if attempt.state.is_over:
        return attempt
    if clock.now() - attempt.opened_at > attempts.KEY_LASTS:
        with transaction():
            attempts.failed(_read(attempt.id), "the provider never said that it was open")
        return _read(attempt.id)
    return open_session(attempt.id, settings)


def _read(attempt_id: int) -> CheckoutAttempt:
    return db.session.get_one(CheckoutAttempt, attempt_id)


def _let_go() -> None:
    """Hold no connection to the database while a provider thinks."""
    db.session.rollback()
